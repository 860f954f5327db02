"""Accounts: signing in and out, passwords, bulk accounts."""

urlpatterns: list = []
