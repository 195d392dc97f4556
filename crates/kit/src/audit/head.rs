//! The heads of the audit's chains, kept outside the database: who can write all of it can make a whole chain anew, or cut
//! one off with its head, but not so that it still goes through a head that somebody else kept.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Result, Tx, digest::hex};

/// The last entry of one region's chain at some moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    pub region: String,
    pub seq: i64,
    /// The entry's hash in hexadecimal digits.
    pub hash: String,
}

/// `region seq hash`, as a line of a file that is kept.
impl fmt::Display for Head {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.region, self.seq, self.hash)
    }
}

/// The heads of all chains.
pub fn heads(tx: &Tx<'_>) -> Result<Vec<Head>> {
    tx.rows("select region, seq, hash from audit_head order by region", &[], |row| {
        Ok(Head { region: row.get(0)?, seq: row.get(1)?, hash: hex(&row.get::<Vec<u8>>(2)?) })
    })
}

/// Reads lines of `region seq hash`; empty lines and those that begin with `#` say nothing.
///
/// # Errors
/// In words: the first line that is none.
pub fn parse_heads(text: &str) -> Result<Vec<Head>, String> {
    let lines = text.lines().enumerate().map(|(at, line)| (at + 1, line.trim()));
    let said = lines.filter(|(_, line)| !line.is_empty() && !line.starts_with('#'));
    said.map(|(at, line)| {
        let wrong = || {
            format!(
                "第 {at} 行应为“地区 序号 哈希” / line {at} should be “region seq hash”, as yiyang audit heads writes it"
            )
        };
        let [region, seq, hash] = line.split_whitespace().collect::<Vec<_>>()[..] else { return Err(wrong()) };
        let is_hash = hash.len() == 64 && hash.bytes().all(|it| it.is_ascii_hexdigit());
        let seq: i64 = seq.parse().ok().filter(|it| 0 < *it && is_hash).ok_or_else(wrong)?;
        Ok(Head { region: region.into(), seq, hash: hash.to_lowercase() })
    })
    .collect()
}

/// In words: which chains do not go through the heads that were kept.
pub fn compare(tx: &Tx<'_>, kept: &[Head]) -> Result<Vec<String>> {
    let mut broken = Vec::new();
    for Head { region, seq, hash } in kept {
        let now: Option<Vec<u8>> =
            tx.row("select hash from audit where region = $1 and seq = $2", &[region, seq], |row| row.get(0))?;
        match now {
            None => broken.push(format!(
                "{region}: 留存的链头是第 {seq} 条,现在没有这一条:被截断 / \
                 the head that was kept is entry {seq}, which is not there: the chain was cut off"
            )),
            Some(now) if hex(&now) != *hash => broken.push(format!(
                "{region}: 第 {seq} 条与留存的链头不符:此前的记录被重写 / \
                 entry {seq} is not the head that was kept: the chain before it was written anew"
            )),
            Some(_) => {}
        }
    }
    Ok(broken)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kept_heads_are_read_back_and_anything_else_is_refused() {
        let head = Head { region: "211122".into(), seq: 7, hash: "ab".repeat(32) };
        assert_eq!(parse_heads(&format!("# 2026-11-25\n\n{head}\n")).unwrap(), [head]);
        for wrong in ["211122 7", "211122 0 ab", "211122 x aa", &format!("a {} {}", -1, "ab".repeat(32))] {
            assert!(parse_heads(wrong).unwrap_err().contains("line 1"), "{wrong}");
        }
    }
}
