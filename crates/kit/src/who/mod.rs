//! Who is asking: the person, the role with its permissions, and the part of the country they may see.

pub mod account;
pub mod password;
pub mod second_factor;
pub mod session;
pub mod token;

use crate::{Id, Scope};

/// The roles of `docs/manual`: what a person does decides what they may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    Clinician,
    Lead,
    Carer,
    Manager,
    Assessor,
    Clerk,
    Auditor,
    Operator,
    Official,
    Family,
    Administrator,
}

impl Role {
    pub const ALL: [Role; 11] = [
        Role::Clinician,
        Role::Lead,
        Role::Carer,
        Role::Manager,
        Role::Assessor,
        Role::Clerk,
        Role::Auditor,
        Role::Operator,
        Role::Official,
        Role::Family,
        Role::Administrator,
    ];

    pub fn word(self) -> &'static str {
        match self {
            Role::Clinician => "clinician",
            Role::Lead => "lead",
            Role::Carer => "carer",
            Role::Manager => "manager",
            Role::Assessor => "assessor",
            Role::Clerk => "clerk",
            Role::Auditor => "auditor",
            Role::Operator => "operator",
            Role::Official => "official",
            Role::Family => "family",
            Role::Administrator => "administrator",
        }
    }

    pub fn title(self) -> &'static str {
        match self {
            Role::Clinician => "医护人员",
            Role::Lead => "团队长(中心主任)",
            Role::Carer => "护理员",
            Role::Manager => "机构管理员",
            Role::Assessor => "评估员",
            Role::Clerk => "长护险经办",
            Role::Auditor => "长护险稽核",
            Role::Operator => "话务员",
            Role::Official => "行政主管",
            Role::Family => "老人及家属",
            Role::Administrator => "系统管理员",
        }
    }

    pub fn parse(word: &str) -> Option<Role> {
        Role::ALL.into_iter().find(|it| it.word() == word)
    }
}

/// A permission such as `elders.write`. It belongs to a module; the roles that have it stand beside it.
#[derive(Debug, Clone, Copy)]
pub struct Perm {
    pub name: &'static str,
    pub title: &'static str,
    pub roles: &'static [Role],
}

impl PartialEq for Perm {
    fn eq(&self, other: &Perm) -> bool {
        self.name == other.name
    }
}

/// The person behind a request.
#[derive(Debug, Clone)]
pub struct Who {
    pub account: Id,
    pub login: String,
    pub name: String,
    pub role: Role,
    pub organisation: Option<Id>,
    pub scope: Scope,
    /// Token that a form of this session carries; empty for API tokens, which no browser sends by itself.
    pub csrf: String,
    /// With an API token: only these permissions, whatever the role has.
    pub only: Option<Vec<String>>,
}

impl Who {
    /// The program itself, in a part of the country. It passes no route: its role has the permissions of nobody signed in.
    pub fn system(scope: Scope) -> Who {
        Who {
            account: Id(0),
            login: "system".into(),
            name: "系统".into(),
            role: Role::Administrator,
            organisation: None,
            scope,
            csrf: String::new(),
            only: Some(Vec::new()),
        }
    }

    pub fn may(&self, perm: Perm) -> bool {
        perm.roles.contains(&self.role) && self.only.as_ref().is_none_or(|all| all.iter().any(|it| it == perm.name))
    }
}
