//! The states of an assessment, and what leads from one to the next.

use serde::{Deserialize, Serialize};

use crate::base::Text;

/// Where an assessment stands. Stored as its English word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// 草稿
    Draft,
    /// 已提交
    Submitted,
    /// 材料审核
    CheckingMaterials,
    /// 退补
    Returned,
    /// 不予受理
    Rejected,
    /// 待派单
    AwaitingDispatch,
    /// 评估中
    Assessing,
    /// 待复核
    AwaitingSecondSignature,
    /// 公示
    OnNotice,
    /// 已生效
    Effective,
    /// 异议
    Objected,
    /// 复评
    Reviewing,
    /// 到期
    Expired,
    /// 变更重评
    ChangeReported,
    /// 终止
    Ended,
}

/// What happens to an assessment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    Submit,
    TakeUp,
    ReturnMaterials,
    Reject,
    AcceptMaterials,
    Dispatch,
    FinishAssessing,
    /// The second signature is given.
    Sign,
    /// The second reader sends it back to the assessors.
    SendBack,
    EndNotice,
    Object,
    /// The objection is taken up by other assessors.
    BeginReview,
    /// The objection is not upheld or taken back: the conclusion stands.
    DismissObjection,
    FinishReview,
    Expire,
    ReportChange,
    /// Death, moving away, withdrawal, or the next assessment takes this one's place.
    End,
}

/// An event that does not fit the state, with what would.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Refused {
    pub state: State,
    pub event: Event,
    pub possible: Vec<Event>,
}

impl State {
    pub const ALL: [State; 15] = [
        State::Draft,
        State::Submitted,
        State::CheckingMaterials,
        State::Returned,
        State::Rejected,
        State::AwaitingDispatch,
        State::Assessing,
        State::AwaitingSecondSignature,
        State::OnNotice,
        State::Effective,
        State::Objected,
        State::Reviewing,
        State::Expired,
        State::ChangeReported,
        State::Ended,
    ];

    /// The word people see.
    pub fn text(self) -> Text {
        let (zh, en) = match self {
            State::Draft => ("草稿", "draft"),
            State::Submitted => ("已提交", "submitted"),
            State::CheckingMaterials => ("材料审核", "checking materials"),
            State::Returned => ("退补", "returned for materials"),
            State::Rejected => ("不予受理", "rejected"),
            State::AwaitingDispatch => ("待派单", "awaiting dispatch"),
            State::Assessing => ("评估中", "assessing"),
            State::AwaitingSecondSignature => ("待复核", "awaiting second signature"),
            State::OnNotice => ("公示", "on public notice"),
            State::Effective => ("已生效", "effective"),
            State::Objected => ("异议", "objected to"),
            State::Reviewing => ("复评", "under review"),
            State::Expired => ("到期", "expired"),
            State::ChangeReported => ("变更重评", "change reported"),
            State::Ended => ("终止", "ended"),
        };
        Text::new(zh, en)
    }

    /// What can happen now, the usual first.
    pub fn events(self) -> Vec<Event> {
        use Event::*;
        [
            Submit,
            TakeUp,
            AcceptMaterials,
            ReturnMaterials,
            Reject,
            Dispatch,
            FinishAssessing,
            Sign,
            SendBack,
            EndNotice,
            BeginReview,
            DismissObjection,
            FinishReview,
            Expire,
            ReportChange,
            Object,
            End,
        ]
        .into_iter()
        .filter(|it| reached(self, *it).is_some())
        .collect()
    }

    /// Nothing follows any more.
    pub fn is_final(self) -> bool {
        self.events().is_empty()
    }
}

impl Event {
    /// The word people see.
    pub fn text(self) -> Text {
        let (zh, en) = match self {
            Event::Submit => ("提交", "submit"),
            Event::TakeUp => ("开始审核", "take up"),
            Event::ReturnMaterials => ("退回补正", "return for materials"),
            Event::Reject => ("不予受理", "reject"),
            Event::AcceptMaterials => ("受理", "accept"),
            Event::Dispatch => ("派单", "dispatch"),
            Event::FinishAssessing => ("评估完成", "finish assessing"),
            Event::Sign => ("复核签字", "sign"),
            Event::SendBack => ("复核退回", "send back"),
            Event::EndNotice => ("公示期满", "end of notice"),
            Event::Object => ("提出异议", "object"),
            Event::BeginReview => ("安排复评", "begin review"),
            Event::DismissObjection => ("维持原结论", "dismiss the objection"),
            Event::FinishReview => ("复评完成", "finish review"),
            Event::Expire => ("到期", "expire"),
            Event::ReportChange => ("申报状态变更", "report a change"),
            Event::End => ("终止", "end"),
        };
        Text::new(zh, en)
    }
}

/// The state after an event.
///
/// 依据: 医保发〔2023〕29号 长期护理保险失能等级评估管理办法（试行） 评估流程各条 (order of steps; the words are ours)
pub fn next(state: State, event: Event) -> Result<State, Refused> {
    reached(state, event).ok_or_else(|| Refused { state, event, possible: state.events() })
}

fn reached(state: State, event: Event) -> Option<State> {
    use State::*;
    Some(match (state, event) {
        (Draft | Returned, Event::Submit) => Submitted,
        (Submitted, Event::TakeUp) => CheckingMaterials,
        (CheckingMaterials, Event::ReturnMaterials) => Returned,
        (CheckingMaterials, Event::Reject) => Rejected,
        (CheckingMaterials, Event::AcceptMaterials) => AwaitingDispatch,
        (AwaitingDispatch, Event::Dispatch) => Assessing,
        (Assessing, Event::FinishAssessing) | (Reviewing, Event::FinishReview) => AwaitingSecondSignature,
        (AwaitingSecondSignature, Event::SendBack) => Assessing,
        (AwaitingSecondSignature, Event::Sign) => OnNotice,
        (OnNotice, Event::EndNotice) => Effective,
        (OnNotice | Effective, Event::Object) => Objected,
        (Objected, Event::BeginReview) => Reviewing,
        (Objected, Event::DismissObjection) => Effective,
        (Effective, Event::Expire) => Expired,
        (Effective, Event::ReportChange) => ChangeReported,
        (Rejected | Ended, _) => return None,
        (_, Event::End) => Ended,
        _ => return None,
    })
}

impl Refused {
    /// What does not fit and what would, in one sentence.
    pub fn text(&self) -> Text {
        let (state, event) = (self.state.text(), self.event.text());
        let possible: Vec<Text> = self.possible.iter().map(|it| it.text()).collect();
        let zh: Vec<&str> = possible.iter().map(|it| it.zh.as_str()).collect();
        let en: Vec<&str> = possible.iter().map(|it| it.en.as_str()).collect();
        if possible.is_empty() {
            return Text::new(
                format!("“{}”的评估已经结束，不能{}", state.zh, event.zh),
                format!("the assessment is {}, so it cannot {}", state.en, event.en),
            );
        }
        Text::new(
            format!("评估现在是“{}”，不能{}；可以：{}", state.zh, event.zh, zh.join("、")),
            format!("the assessment is {}, so it cannot {}; it can {}", state.en, event.en, en.join(", ")),
        )
    }
}
