"""Computes a settled month of long-term-care insurance again from its exported files alone, and compares every line to the fen.

recompute_ltci.py FOLDER        exit code 0 where all agree; differences are printed

It shares nothing with the program: rates are taken in whole numbers, weeks begin on Monday, half a fen rounds up.
"""
import csv, datetime, json, os, sys

PERSON = {1, 2, 15, 16, 17}  # rules whose amount the person bears; of the others nobody may be asked
WAIVABLE = {"非选定机构", "人员无资格", "证据不全", "时长不足", "重复申报", "时间重叠", "超最高价"}


def table(name):
    with open(os.path.join(FOLDER, name), encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def grouped(name):
    groups = {}
    for row in table(name):
        groups.setdefault(row["elder"], []).append(row)
    return groups


def fen(text):
    whole, _, part = text.replace("元", "").strip().partition(".")
    return int(whole) * 100 + int((part + "00")[:2])


def share(text, amount):
    """A rate such as 90% or 62.5% of an amount."""
    whole, _, part = text.rstrip("%").partition(".")
    number, scale = int(whole + part), 100 * 10 ** len(part)
    return (amount * number * 2 + scale) // (2 * scale)


def holds(row, day):
    return row["from"] <= day and (not row["until"] or day < row["until"])


class Policy:
    def __init__(self, values):
        self.values = values

    def on(self, param, day):
        for it in self.values:
            if it["param"] == param and it["first_day"] <= day <= it["last_day"]:
                return it["value"]
        return None


def refusals(line, grant, kind, pauses, gone, service, accepted):
    day, found = line["day"], []
    if kind is None:
        found.append((1, "未参保"))
    if grant is None:
        found.append((2, "无待遇"))
    else:
        if grant["mode"] != line["mode"]:
            found.append((5, "服务方式不符"))
        if (grant["provider"] or "0") != line["provider"]:
            found.append((6, "非选定机构"))
    if any(holds(it, day) for it in pauses):
        found.append((3, "待遇暂停"))
    if gone and gone <= day:
        found.append((4, "已去世或迁出"))
    if not line["level"] and line["provider"] != "0":
        found.append((7, "机构无协议"))
    if service is None:
        found.append((8, "不在目录"))
    else:
        needs = service.get("资格", [])
        if needs and not set(needs) & set(line["qualifications"].split()):
            found.append((9, "人员无资格"))
        if service.get("最短分钟") and int(line["minutes"]) < service["最短分钟"]:
            found.append((11, "时长不足"))
    if line["missing"]:
        found.append((10, "证据不全"))
    if line["second"] != "1":
        if any((it["day"], it["begin_minute"], it["service"]) == (day, line["begin_minute"], line["service"]) for it in accepted):
            found.append((12, "重复申报"))
        elif any(overlap(it, line) for it in accepted):
            found.append((13, "时间重叠"))
    waived = set(line["waived"].split()) & WAIVABLE
    return sorted(it for it in found if it[1] not in waived)


def overlap(one, other):
    if not one["begin_minute"] or not other["begin_minute"] or one["day"] != other["day"]:
        return False
    a, b, long, longer = int(one["begin_minute"]), int(other["begin_minute"]), int(one["minutes"]), int(other["minutes"])
    return long > 0 and longer > 0 and a < b + longer and b < a + long


def month(person, lines, insured, granted, pauses, policy):
    order = lambda it: (it["day"], int(it["begin_minute"]) if it["begin_minute"] else -1, it["number"], int(it["provider"]))
    accepted, days, weeks, spent, minutes_spent, bonus_spent, own_spent, bonus_money = [], {}, {}, 0, 0, 0, 0, 0
    results = {}
    ordered = sorted(lines, key=order)
    if ordered:
        first = datetime.date.fromisoformat(ordered[0]["day"]).replace(day=1)
        weeks[first - datetime.timedelta(days=first.weekday())] = int(person["minutes_before"])
    for line in ordered:
        day, claimed = line["day"], int(line["claimed_fen"])
        scale, services = policy.on("待遇标准", day), policy.on("服务项目", day)
        if scale is None or services is None:
            results[line["line"]] = (0, 0, 0, claimed)
            continue
        kind = next((it["kind"] for it in insured if holds(it, day)), None)
        grant = next((it for it in granted if holds(it, day)), None)
        service = next((it for it in services if it["编号"] == line["service"]), None)
        against = refusals(line, grant, kind, pauses, person["gone"], service, accepted)
        if against:
            results[line["line"]] = (0, claimed, 0, 0) if against[0][0] in PERSON else (0, 0, claimed, 0)
            continue
        level = int(line["level"]) if line["level"] else 0
        fits = lambda it: (it["方式"] == grant["mode"] and int(grant["grade"]) in it["等级"]
                           and (not it.get("参保类别") or kind in it["参保类别"])
                           and (not it.get("机构级别") or level in it["机构级别"]))
        benefit = next((it for it in scale if fits(it)), None)
        base = policy.on("待遇基数", day)
        if benefit is None or ("每月基数比例" in benefit["限额"] and base is None):
            results[line["line"]] = (0, 0, 0, claimed)
            continue
        cap, amount, person_pays, provider_bears = benefit["限额"], claimed, 0, 0
        if service and service.get("最高价") and "超最高价" not in line["waived"].split():
            most = fen(service["最高价"])
            provider_bears += max(0, amount - most)
            amount = min(amount, most)
        reached = [it for it in policy.on("连续护理加成", day) or []
                   if it["方式"] == grant["mode"] and int(grant["grade"]) in it["等级"]
                   and 0 < int(person["months_at_home"]) and it["第几个月起"] <= int(person["months_at_home"])]
        reached = max(reached, key=lambda it: it["第几个月起"]) if reached else None
        paid_minutes, whole = 0, int(line["minutes"])
        if any(name in cap for name in ("每小时", "每周小时", "每月小时")):
            if whole == 0:
                provider_bears, amount = provider_bears + amount, 0
            else:
                date = datetime.date.fromisoformat(day)
                week = date - datetime.timedelta(days=date.weekday())
                within = whole
                if "每周小时" in cap:
                    within = min(within, max(0, cap["每周小时"] * 60 - weeks.get(week, 0)))
                if "每月小时" in cap:
                    within = min(within, max(0, cap["每月小时"] * 60 - minutes_spent))
                more = reached["加小时"] * 60 if reached and person["bonus_choice"] == "小时" else 0
                extra = min(whole - within, max(0, more - bonus_spent))
                weeks[week] = weeks.get(week, 0) + within
                minutes_spent, bonus_spent, paid_minutes = minutes_spent + within, bonus_spent + extra, within + extra
                part = amount * paid_minutes // whole
                person_pays, amount = person_pays + amount - part, part
        if "每小时" in cap:
            part = min(amount, fen(cap["每小时"]) * paid_minutes // 60)
            person_pays, amount = person_pays + amount - part, part
        part = amount
        if "每日" in cap:
            part = min(part, max(0, fen(cap["每日"]) - days.get(day, 0)))
        limits = [fen(cap["每月"])] if "每月" in cap else []
        if "每月基数比例" in cap:
            limits.append(share(cap["每月基数比例"], fen(base)))
        if limits:
            part = min(part, max(0, min(limits) - spent))
        days[day], spent = days.get(day, 0) + part, spent + part
        person_pays, amount = person_pays + amount - part, part
        deductible = policy.on("每月起付线", day)
        if deductible is not None:
            own = min(amount, max(0, fen(deductible) - own_spent))
            own_spent, person_pays, amount = own_spent + own, person_pays + own, amount - own
        fund = share(benefit["支付比例"], amount)
        results[line["line"]] = (fund, person_pays + amount - fund, provider_bears, 0)
        accepted.append(line)
        if reached and person["bonus_choice"] == "金额":
            bonus_money = max(bonus_money, fen(reached["或加金额"]))
    return results, bonus_money


def main():
    with open(os.path.join(FOLDER, "settlement.json"), encoding="utf-8") as file:
        about = json.load(file)
    policy = Policy(about["policy"])
    claims, insured, granted, pauses = (grouped(it + ".csv") for it in ("claims", "insured", "granted", "pauses"))
    kept = {it["line"]: it for it in table("verdicts.csv")}
    wrong, sums, lines, bonus = [], [0, 0, 0, 0], 0, 0
    for person in table("recipients.csv"):
        elder = person["elder"]
        results, money = month(person, claims.get(elder, []), insured.get(elder, []), granted.get(elder, []),
                               pauses.get(elder, []), policy)
        bonus += money
        if money != int(person["bonus_fen"]):
            wrong.append(f"elder {elder}: bonus {money}, kept {person['bonus_fen']}")
        for line, result in results.items():
            lines += 1
            it = kept.pop(line)
            expected = tuple(int(it[name]) for name in ("fund_fen", "person_fen", "provider_fen", "pending_fen"))
            sums = [a + b for a, b in zip(sums, result)]
            if expected != result:
                wrong.append(f"line {line}: computed {result}, kept {expected} {it['deductions']}")
    wrong += [f"line {it}: kept, but of no recipient" for it in kept]
    totals = about["totals"]
    whole = (lines, *sums, bonus)
    if whole != tuple(totals[name] for name in ("lines", "fund", "person", "provider", "pending", "bonus")):
        wrong.append(f"totals: computed {whole}, kept {totals}")
    for it in wrong[:50]:
        print(it)
    print(f"{lines} lines, fund {sums[0]}, person {sums[1]}, provider {sums[2]}, pending {sums[3]}, bonus {bonus}; {len(wrong)} differ")
    return 1 if wrong or not lines else 0


FOLDER = sys.argv[1]
sys.exit(main())
