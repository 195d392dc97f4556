//! The five cities that ship with the product: loaded at the first start, into an empty tree.

use kit::{App, place};

/// Places from province to village; see `regions/README.md`.
const PLACES: &str = include_str!("../../../regions/places.csv");

/// Loads the places that ship with the product where there is none yet.
///
/// # Errors
/// In words: what the database refused.
pub async fn load_if_empty(app: &App) -> Result<(), String> {
    let loaded = app
        .db
        .write(|tx| {
            if 0 < tx.count("select count(*) from place", &[])? {
                return Ok(0);
            }
            place::import(tx, PLACES).map(|it| it.new)
        })
        .await
        .map_err(|e| e.to_string())?;
    if 0 < loaded {
        tracing::info!(places = loaded, "places loaded");
    }
    app.reload_places().await.map_err(|e| e.to_string())
}

#[cfg(test)]
mod tests {
    use super::PLACES;

    #[test]
    fn every_place_that_ships_lies_in_another_that_ships() {
        let rows: Vec<Vec<&str>> = PLACES.lines().skip(1).map(|it| it.split(',').collect()).collect();
        let codes: std::collections::HashSet<&str> = rows.iter().map(|it| it[0]).collect();
        assert_eq!(codes.len(), rows.len());
        assert!(rows.iter().all(|it| codes.contains(it[1])));
    }
}
