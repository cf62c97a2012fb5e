"""Where the payment gateway tells us that a code was paid. No session: the notice is believed by its signature alone."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.timezone import now
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from huiyin.areas.fees import gateways, operations
from huiyin.foundation.accounts.queries import system_actor
from huiyin.foundation.refusals import Refused


@csrf_exempt
@login_not_required
@require_POST
def notice(request: HttpRequest) -> HttpResponse:
    """Take the notice; told twice it changes nothing twice, and both are answered alike, so that the gateway stops."""
    gateway = gateways.chosen()
    if gateway is None:
        raise Http404
    try:
        said = gateway.read_notice(request.body, request.headers)
        intent = operations.take_notice(gateway.code, said, actor=system_actor(), at=now())
    except gateways.NoticeRefused as refusal:
        return JsonResponse({"message": refusal.sentence}, status=403)
    except Refused as refusal:
        return JsonResponse({"message": refusal.sentence}, status=409)
    return JsonResponse({"reference": said.reference, "status": intent.status})
