//! The network of a generated place: institutions with licences, beds and services, the staff in them, and teams that cover
//! every village; as many of each as the city's document prints, else as many as are usual.

mod figures;
mod found;
mod people;
mod spec;

use kit::{
    App, Ask, Id, Result, Scope, Tx, Who,
    place::{Level, Tree},
};

use super::{Plan, chance::Chance};
use figures::Wanted;

/// An institution that was made.
#[derive(Debug, Clone)]
pub struct Made {
    pub id: Id,
    pub region: String,
    /// The street it lies in.
    pub street: String,
    pub place: String,
    pub kind: &'static str,
    /// Whether it gives care for long-term-care insurance.
    pub ltci: bool,
}

/// A street or township with its villages.
#[derive(Debug, Clone)]
pub struct Street {
    pub county: String,
    pub code: String,
    pub name: String,
    /// Code and name.
    pub villages: Vec<(String, String)>,
}

/// Institutions or teams one transaction takes.
const BATCH: usize = 200;

/// The streets of the counties that have villages, in the order of their codes.
fn streets(tree: &Tree, counties: &[String]) -> Vec<Street> {
    let mut all = Vec::new();
    for county in counties {
        for street in tree.children(county).filter(|it| it.level == Level::Street) {
            let villages: Vec<(String, String)> = tree
                .children(&street.code)
                .filter(|it| it.level == Level::Village)
                .map(|it| (it.code.clone(), it.name.clone()))
                .collect();
            if !villages.is_empty() {
                all.push(Street {
                    county: county.clone(),
                    code: street.code.clone(),
                    name: street.name.clone(),
                    villages,
                });
            }
        }
    }
    all
}

/// Makes every institution of the counties.
pub async fn institutions(app: &App, plan: &Plan, counties: &[String], scope: &Scope) -> Result<Vec<Made>> {
    let streets = streets(&app.places.tree(), counties);
    let wanted = Wanted::of(plan, &streets);
    let taken = app
        .db
        .read(|tx| {
            tx.rows("select region, name from organisation order by region, name", &[], |row| {
                Ok((row.get::<String>(0)?, row.get::<String>(1)?))
            })
        })
        .await?;
    let specs = spec::all(&wanted, &streets, app, taken);
    let mut made = Vec::with_capacity(specs.len());
    let mut chance = Chance::new(plan.seed ^ 0x6e65_7477);
    for batch in specs.chunks(BATCH) {
        let (app_too, scope, batch) = (app.clone(), scope.clone(), batch.to_vec());
        let work = move |tx: &Tx<'_>| {
            let ask = Ask::of(&app_too, Who::system(scope), app_too.clock.now());
            let all: Result<Vec<Made>> = batch.iter().map(|it| found::found(tx, &ask, it, &mut chance)).collect();
            Ok((all?, chance))
        };
        let all;
        (all, chance) = app.db.write(work).await?;
        made.extend(all);
    }
    Ok(made)
}

/// Fills the institutions with staff and lets teams cover every village. The accounts of a lead and a clinician become
/// members of the first team.
pub async fn people(app: &App, plan: &Plan, counties: &[String], scope: &Scope, made: &[Made]) -> Result<()> {
    let streets = streets(&app.places.tree(), counties);
    let wanted = Wanted::of(plan, &streets);
    let mut crew = people::Crew::new(plan.seed, kit::clock::day_of(app.clock.now()));
    for county in counties {
        let of_county: Vec<Made> = made.iter().filter(|it| it.region == *county).cloned().collect();
        let in_county: Vec<Street> = streets.iter().filter(|it| it.county == *county).cloned().collect();
        let share = people::Share::of(&wanted, &streets, &in_county, counties.len());
        let (app_too, scope, first) = (app.clone(), scope.clone(), *county == counties[0]);
        crew = app
            .db
            .write(move |tx| {
                let ask = Ask::of(&app_too, Who::system(scope), app_too.clock.now());
                crew.county(tx, &ask, &of_county, &in_county, &share, first)?;
                Ok(crew)
            })
            .await?;
    }
    Ok(())
}
