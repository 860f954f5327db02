"""Pages, as the outside contract names them."""

urlpatterns: list = []
