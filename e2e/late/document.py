"""A city's policy of long-term-care insurance in which, from a day on, an institution is paid five yuan more a day, 155 a month.

Prints the file that goes over the one of the city: FILE DAY.
"""
import re
import sys

path, day = sys.argv[1:]
text = open(path, encoding="utf-8").read()
begin = text.index("待遇标准:")
limits = re.search(r"待遇标准:\n.*?(?=^\S|\Z)", text[begin:], re.S | re.M).group(0)
now = limits[limits.index("    - 起:"):].rstrip()
more = {"每日": 5, "每月": 155}
raised = re.sub(r"(每日|每月): (\d+) 元", lambda it: f"{it[1]}: {int(it[2]) + more[it[1]]} 元", now)
raised = re.sub(r"起: \S+", f"起: {day}", raised, count=1)
assert raised != now, f"{path} has no limit by day"
print(f"{limits.rstrip()}\n{raised}")
