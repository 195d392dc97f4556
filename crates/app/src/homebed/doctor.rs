//! The responsible doctor of a home hospital bed: one of the staff of its institution who holds a licence that the policy asks for.

use kit::{Ask, Error, Id, Result, Tx};

use super::bed::{self, Bed, needed};
use crate::{
    elders::Key,
    workforce::{self, Staff},
};

/// (value, title), as a form offers them.
pub type Doctors = Vec<(String, String)>;

/// Who may be the responsible doctor of a bed today.
pub fn of(tx: &Tx<'_>, ask: &Ask, it: &Bed) -> Result<Vec<Staff>> {
    let policy = bed::policy(ask, &it.key.region, ask.today());
    let licences = needed(policy.read(|it| &it.home_bed.doctor_licences))?;
    workforce::staff_licensed_at(tx, &it.institution_key(), licences, ask.today())
}

/// As a form offers them.
pub fn options(tx: &Tx<'_>, ask: &Ask, it: &Bed) -> Result<Doctors> {
    Ok(of(tx, ask, it)?.into_iter().map(|it| (it.key.id.to_string(), it.name)).collect())
}

/// Makes somebody responsible; whoever asks, where nobody was chosen and nobody is yet.
///
/// # Errors
/// `Invalid` where whoever asks may not be.
pub fn set(tx: &Tx<'_>, ask: &Ask, it: &mut Bed, chosen: Option<Id>) -> Result<()> {
    let all = of(tx, ask, it)?;
    let found = match chosen {
        Some(id) => all.into_iter().find(|one| one.key.id == id),
        None if it.doctor_staff.is_some() => return Ok(()),
        None => {
            let own = workforce::staff_of_account(tx, ask)?;
            own.and_then(|own| all.into_iter().find(|one| one.key == own.key))
        }
    };
    let Some(found) = found else {
        return Err(Error::invalid("doctor", "请从本机构有执业证书的医师中选择责任医师"));
    };
    (it.doctor, it.doctor_staff) = (found.name, Some(found.key.id));
    Ok(())
}

/// Where the responsible doctor's record stands.
pub fn key(it: &Bed) -> Option<Key> {
    it.doctor_staff.map(|id| Key { region: it.key.region.clone(), id })
}
