from django.urls import path
from drf_spectacular.views import SpectacularAPIView
from rest_framework.permissions import IsAuthenticated
from rest_framework.renderers import JSONRenderer

from realisasi.api.serapan import DaerahList, SerapanList

urlpatterns = [
    path(
        "schema/",
        SpectacularAPIView.as_view(renderer_classes=[JSONRenderer], permission_classes=[IsAuthenticated]),
        name="skema_api",
    ),
    path("serapan/", SerapanList.as_view(), name="api_serapan"),
    path("daerah/", DaerahList.as_view(), name="api_daerah"),
]
