"""Tokens, webhooks, and the addresses of the API."""

# /integrations/{api/,tokens/new/,tokens/<id>/revoke/,webhooks/new/,webhooks/<id>/{switch/,<id>/replay/}}
from django.urls import path

from huiyin.surfaces.web import integrations

urlpatterns = [
    path("", integrations.integrations, name="integrations"),
    path("api/", integrations.api_docs, name="api_docs"),
    path("tokens/new/", integrations.token_make, name="token_make"),
    path("tokens/<int:token_id>/revoke/", integrations.token_revoke, name="token_revoke"),
    path("webhooks/new/", integrations.webhook_open, name="webhook_open"),
    path("webhooks/<int:endpoint_id>/", integrations.webhook, name="webhook"),
    path("webhooks/<int:endpoint_id>/switch/", integrations.webhook_switch, name="webhook_switch"),
    path("webhooks/<int:endpoint_id>/<int:delivery_id>/replay/", integrations.delivery_replay, name="delivery_replay"),
]
