"""The application's addresses and one more: a signed-in page with nothing in it."""

from django.shortcuts import render
from django.urls import include, path

urlpatterns = [
    path("kosong/", lambda request: render(request, "base.html"), name="kosong"),
    path("", include("dakikm.urls")),
]
