from django.urls import path
from drf_spectacular.views import SpectacularAPIView
from rest_framework.renderers import JSONRenderer

urlpatterns = [
    path("schema/", SpectacularAPIView.as_view(renderer_classes=[JSONRenderer]), name="skema_api"),
]
