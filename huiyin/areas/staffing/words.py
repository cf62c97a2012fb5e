"""The posts that standards speak of, with the title an estate starts from."""

POSTS = {
    "front_desk": "前台接待",
    "duty_clerk": "值班员",
    "cs_agent": "客服专员",
    "butler": "管家",
    "butler_lead": "管家组长",
    "cs_supervisor": "客服主管",
    "cs_manager": "客服经理",
    "centre_director": "住户服务中心主任",
    "estate_manager": "管理处经理",
    "maintenance_lead": "维修班长",
    "technician": "维修工",
    "department_head": "部门负责人",
}
WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")

# What somebody can repair; the areas above say which fault needs which.
SKILLS = {
    "plumbing": "水暖",
    "electric": "电工",
    "access": "门禁对讲",
    "carpentry": "门窗",
    "masonry": "泥瓦防水",
    "lift": "电梯",
}
