//! Signing: which packages fit, with which team, from when until when.

use kit::{
    Ask, Error, Id, Result, Role, Said, Tx,
    clock::stamp,
    db::Put,
    digest,
    files::{self, Stored},
    form::{self, Field, Input, Kind, Options, field},
};
use rules::{
    base::Date,
    contracting::{self, Package, Person, Service},
    elder_groups::Group,
    policy::Because,
};

use super::{
    contract::{self, Contract, needed},
    marks, promise, words,
};
use crate::{
    elders::{self, DueItem, Elder, Key, Report, Tone},
    workforce::{self, Team},
};

pub const FIELDS: &[Field] = &[
    field("elder", "老人", Kind::Text(40)).required(),
    field("team", "家庭医生团队", Kind::Pick).required(),
    field("packages", "服务包", Kind::LongText(200)).help("服务包编号,几个之间用空格分开。"),
    field("from", "签约起日", Kind::Date).required(),
    field("signer", "由谁签字", Kind::Choice(words::SIGNERS)).required(),
    field("signer_name", "签字人姓名", Kind::Text(50)).help("家属或监护人签字时填写。"),
    field("way", "签约方式", Kind::Choice(words::WAYS)).help("不填时,有签名为当面签字,有照片为纸质协议。"),
];

/// What a contract is signed with.
#[derive(Debug, Clone)]
pub struct Signing {
    pub team: Team,
    pub packages: Vec<String>,
    pub from: Date,
    pub way: String,
    pub signer: String,
    pub signer_name: String,
    pub signature: Option<Id>,
    pub paper: Option<Id>,
}

/// Pictures that came with a form.
#[derive(Debug, Default)]
pub struct Pictures {
    pub signature: Option<Stored>,
    pub paper: Option<Stored>,
}

/// The packages that fit an elder on a day, the best first.
pub fn fitting<'a>(tx: &Tx<'_>, ask: &'a Ask, elder: &Elder, day: Date) -> Result<Vec<&'a Package>> {
    let groups = elders::groups_of(tx, &elder.key)?;
    let open = groups.iter().filter(|it| it.until.is_none());
    let person = Person { age: elder.age_on(day), groups: open.filter_map(|it| Group::from_word(&it.kind)).collect() };
    needed(contracting::fitting(&person, &ask.app.policy_in(&elder.key.region, day)))
}

/// The teams an elder can be signed with: those of whoever asks first, then the one of the place, then the others.
pub fn teams(tx: &Tx<'_>, ask: &Ask, elder: &Elder, day: Date) -> Result<Vec<Team>> {
    let mut all: Vec<Team> = workforce::teams_of_account(tx, ask, day)?.into_iter().map(|it| it.0).collect();
    all.extend(workforce::team_of_place(tx, &elder.key.region, &elder.place, day)?);
    // Family see no teams; theirs is the one of the place.
    if ask.who.role != Role::Family {
        all.extend(workforce::teams(tx, &ask.who.scope, day)?);
    }
    let mut seen: Vec<Id> = Vec::new();
    all.retain(|it| {
        let fits = it.key.region == elder.key.region && it.is_open(day) && !seen.contains(&it.key.id);
        seen.push(it.key.id);
        fits
    });
    Ok(all)
}

/// The first day on which an elder can be signed: today, or the day on which the contract that runs ends.
pub fn earliest(tx: &Tx<'_>, ask: &Ask, key: &Key) -> Result<Date> {
    let last = contract::of_elder(tx, key)?.first().map(|it| it.until);
    Ok(last.map_or(ask.today(), |it| it.max(ask.today())))
}

/// Checks what was sent and signs; page and API come through here.
pub fn sign_from(tx: &Tx<'_>, ask: &Ask, input: &Input, pictures: &Pictures) -> Result<Contract> {
    let key: Key = input.get("elder").parse().map_err(|_| Error::invalid("elder", "请从老人的页面签约"))?;
    let elder = elders::find_living(tx, &ask.who.scope, &key)?;
    let from: Date = input.get("from").parse().map_err(|_| Error::invalid("from", "请填写签约起日"))?;
    let teams = teams(tx, ask, &elder, from)?;
    let options = Options::from([("team", teams.iter().map(|it| (it.key.id.to_string(), it.name.clone())).collect())]);
    let checked = form::check(FIELDS, input, &options)?;
    let team = teams.into_iter().find(|it| Some(it.key.id) == checked.id("team"));
    let team = team.ok_or_else(|| Error::invalid("team", "请选择家庭医生团队"))?;
    let online = ask.who.role == Role::Family;
    let has_picture = pictures.signature.is_some() || pictures.paper.is_some();
    if online && pictures.signature.is_none() || !has_picture {
        return Err(Error::invalid("signature", "请签名,或上传纸质协议的照片"));
    }
    let way = match (online, pictures.signature.is_some()) {
        (true, _) => "online",
        (_, true) => "onsite",
        _ => "paper",
    };
    let (signer, signer_name) = (checked.text("signer"), checked.text("signer_name"));
    if signer != "self" && signer_name.is_empty() {
        return Err(Error::invalid("signer_name", "请填写签字人姓名"));
    }
    let keep = |it: &Option<Stored>| it.as_ref().map(|it| files::note(tx, ask, &key.region, it)).transpose();
    let signing = Signing {
        team,
        packages: packages_in(input),
        from,
        way: checked.optional("way").filter(|_| !online).unwrap_or_else(|| way.to_string()),
        signer,
        signer_name,
        signature: keep(&pictures.signature)?,
        paper: keep(&pictures.paper)?,
    };
    sign(tx, ask, &elder, &signing)
}

/// Boxes ticked on the page, or words in one text.
fn packages_in(input: &Input) -> Vec<String> {
    input.all("packages").iter().flat_map(|it| it.split_whitespace()).map(str::to_string).collect()
}

/// Writes a contract down.
///
/// # Errors
/// `Refused` where another contract of the elder runs on one of its days; the database would refuse it too.
pub fn sign(tx: &Tx<'_>, ask: &Ask, elder: &Elder, it: &Signing) -> Result<Contract> {
    let (earliest, latest) = (ask.today().add_days(-366), ask.today().add_days(366));
    if it.from < earliest || latest < it.from {
        return Err(Error::invalid(
            "from",
            Said::new("“签约起日”应在 {a} 到 {b} 之间").with("a", earliest).with("b", latest),
        ));
    }
    let before = contract::of_elder(tx, &elder.key)?;
    let drawn = draw_up(ask, elder, it, fitting(tx, ask, elder, it.from)?, before)?;
    contract::put_reasons(tx, &elder.key.region, &drawn.contract.reasons, &drawn.because)?;
    match tx.attempt(|tx| drawn.insert(tx, ask)) {
        Err(e) if e.is_duplicate() => {
            return Err(Error::refused("has_contract", "刚刚已有人为这位老人签约,请刷新再看"));
        }
        other => other?,
    };
    for (service, times) in &drawn.items {
        promise::write(tx, ask, &drawn.contract.key, *service, *times, &[])?;
    }
    marks::keep(tx, &ask.app, &elder.key)?;
    drawn.set_due(tx, elder)?;
    drawn.tell(tx, ask, elder, &it.team)?;
    Ok(drawn.contract)
}

/// The duty's word, and what is to be done.
pub const RENEWAL: &str = "contracting.renewal";
const RENEW: &str = "续签家庭医生";

/// A contract that may be signed and is not written yet.
pub struct Drawn {
    pub contract: Contract,
    /// The policy values it rests on, as JSON.
    pub because: String,
    /// The contracts of the elder so far, the newest first.
    pub before: Vec<Contract>,
    /// What it promises, and how often.
    pub items: Vec<(Service, i64)>,
    titles: String,
    renewable: Date,
}

/// Checks that an elder who had the contracts `before`, the newest first, can have this one, with packages of those that
/// are offered.
pub fn draw_up(ask: &Ask, elder: &Elder, it: &Signing, offered: Vec<&Package>, before: Vec<Contract>) -> Result<Drawn> {
    if let Some(last) = before.first().filter(|last| it.from < last.until) {
        return Err(has_contract(last));
    }
    let policy = ask.app.policy_in(&elder.key.region, it.from);
    let odd = it.packages.iter().find(|id| offered.iter().all(|one| one.id != **id));
    if let Some(odd) = odd {
        return Err(Error::invalid("packages", Said::new("服务包“{value}”不适合这位老人").with("value", odd)));
    }
    let chosen: Vec<&Package> = offered.into_iter().filter(|one| it.packages.contains(&one.id)).collect();
    if chosen.is_empty() {
        return Err(Error::invalid("packages", "请选择服务包"));
    }
    let until = needed(contracting::until(it.from, &policy))?;
    let idle = needed(contracting::idle_from(it.from, None, &policy))?;
    let renewable = needed(contracting::renewable_from(until, &policy))?;
    needed(policy.read(|it| &it.contracting.packages))?;
    let items = promise::of_packages(&chosen);
    let because = reasons(&policy.because())?;
    let contract = Contract {
        key: Key { region: elder.key.region.clone(), id: ask.new_id() },
        elder: elder.key.id,
        team: it.team.key.id,
        from: it.from,
        until,
        packages: chosen.iter().map(|it| it.id.clone()).collect(),
        way: it.way.clone(),
        signer: it.signer.clone(),
        signer_name: it.signer_name.clone(),
        signature: it.signature,
        paper: it.paper,
        doctor_name: ask.who.name.clone(),
        signed: stamp(ask.now),
        fee: chosen.iter().map(|it| it.fee.person.fen()).sum(),
        // Half of the digest tells the reasons of a county apart.
        reasons: digest::of(&because)[..32].to_string(),
        ended_reason: String::new(),
        ended_note: String::new(),
        promised: items.iter().map(|it| it.1).sum(),
        done: 0,
        served: None,
        idle,
    };
    let titles = chosen.iter().map(|it| it.name.clone()).collect::<Vec<_>>().join("、");
    Ok(Drawn { contract, because, before, items, titles, renewable })
}

impl Drawn {
    /// Writes the contract and with which team it begins.
    pub fn insert(&self, to: &impl Put, ask: &Ask) -> Result<()> {
        let it = &self.contract;
        to.put(
            "insert into contract (region, id, elder, team, from_day, until_day, before_day, packages, way, signer, signer_name,
                    signature, paper, account, doctor_name, signed, fee, reasons, ended_reason, ended_note, promised, done,
                    served_day, idle_day)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24)",
            &[
                &it.key.region,
                &it.key.id,
                &it.elder,
                &it.team,
                &it.from.to_string(),
                &it.until.to_string(),
                &self.before.first().map(|it| it.until.to_string()),
                &it.packages.join(" "),
                &it.way,
                &it.signer,
                &it.signer_name,
                &it.signature,
                &it.paper,
                &ask.who.account,
                &it.doctor_name,
                &it.signed,
                &it.fee,
                &it.reasons,
                &it.ended_reason,
                &it.ended_note,
                &it.promised,
                &it.done,
                &it.served.map(|it| it.to_string()),
                &it.idle.to_string(),
            ],
        )?;
        to.put(
            "insert into contract_team (region, contract, from_day, team) values ($1, $2, $3, $4)",
            &[&it.key.region, &it.key.id, &it.from.to_string(), &it.team],
        )
    }

    /// The day from which it is to be renewed.
    pub fn set_due(&self, tx: &Tx<'_>, elder: &Elder) -> Result<()> {
        let (day, link) = (self.renewable, self.contract.link());
        elders::set_due(tx, elder, RENEWAL, day, RENEW, &link)
    }

    /// As [`Drawn::set_due`] sets it.
    pub fn due(&self) -> DueItem {
        DueItem::new(RENEWAL, self.renewable, RENEW, self.contract.link())
    }

    /// What the elder's record says of it, and the trail.
    pub fn tell(&self, tx: &Tx<'_>, ask: &Ask, elder: &Elder, team: &Team) -> Result<()> {
        elders::report(tx, ask.now, &elder.key, &self.report(team))?;
        elders::note(tx, ask, "change", elder, &format!("contract {} signed", self.contract.key))
    }

    /// What the elder's record says of it.
    pub fn report(&self, team: &Team) -> Report {
        let said = if self.contract.way == "renewal" {
            "续签家庭医生:{team},{packages},有效至 {day}"
        } else {
            "签约家庭医生:{team},{packages},有效至 {day}"
        };
        Report::new("contracting", said)
            .with("team", &team.name)
            .with("packages", &self.titles)
            .with("day", self.contract.last_day())
            .link(self.contract.link())
            .tone(Tone::Ok)
    }
}

/// The reasons as JSON. What the packages promise is kept item by item, so the list of all packages is not kept again.
fn reasons(all: &[Because]) -> Result<String> {
    let short = |it: &Because| match it.param {
        "服务包" => Because { value: serde_json::Value::Null, ..it.clone() },
        _ => it.clone(),
    };
    Ok(serde_json::to_string(&all.iter().map(short).collect::<Vec<_>>())?)
}

fn has_contract(last: &Contract) -> Error {
    let why = Said::new("这位老人的签约有效至 {day},请续签、变更团队,或先终止").with("day", last.last_day());
    Error::Refused(kit::error::Refusal { code: "has_contract", why, source: None, link: Some(last.link()) })
}

/// The name of a package in the reader's language.
pub fn title<'a>(ask: &Ask, it: &'a Package) -> &'a str {
    ask.either(&it.name, &it.name_en)
}
