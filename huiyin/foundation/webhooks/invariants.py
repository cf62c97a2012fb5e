"""What must hold of the webhooks."""

from huiyin.foundation.invariants import by_query

INVARIANTS = (
    by_query(
        "webhook.delivered",
        "标为已送达的推送,都有一次对方收下的发送记录",
        looked_at="webhooks_delivery WHERE state = 'delivered'",
        broken="""
SELECT d.id FROM webhooks_delivery d WHERE d.state = 'delivered' AND NOT EXISTS (
    SELECT 1 FROM webhooks_attempt a WHERE a.delivery_id = d.id AND a.status >= 200 AND a.status < 300
)
""",
    ),
)
