//! What the rules promise, by subject.

#[cfg(test)]
mod assessment;
#[cfg(test)]
mod base;
#[cfg(test)]
mod care_plan;
#[cfg(test)]
mod chronic;
#[cfg(test)]
mod course;
#[cfg(test)]
mod differential;
#[cfg(test)]
mod golden;
#[cfg(test)]
mod healthcheck;
#[cfg(test)]
mod limits;
#[cfg(test)]
mod ltci;
#[cfg(test)]
mod policy;
#[cfg(test)]
mod reported;
#[cfg(test)]
mod rounds;
#[cfg(test)]
mod tables;
#[cfg(test)]
mod tariff;
