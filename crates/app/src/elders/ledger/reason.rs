//! Why a row is refused or warned about: a stable code, and the words that tell how to repair it.

use serde::{Serialize, Serializer};

/// A reason. Its code is part of the interface and never changes.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Reason {
    IdLostDigits,
    IdLength,
    IdOld,
    IdCharacters,
    IdCheckDigit,
    IdBirthImpossible,
    IdMissing,
    DocumentUnreadable,
    NameMissing,
    NameUnreadable,
    NamePrivateCharacter,
    BirthDiffers,
    BirthUnreadable,
    BirthInFuture,
    SexDiffers,
    SexUnreadable,
    PhoneUnreadable,
    GroupUnknown,
    DeathUnreadable,
    MovedUnreadable,
    BirthMissing,
    KnownElsewhere,
    KnownOutside,
    PlaceOutside,
    NotTaken,
    KnownAsDied,
    KnownAsMoved,
    NameDiffers,
}

/// Code, what is wrong and how to repair it, in Chinese and in English.
struct Words {
    code: &'static str,
    zh: &'static str,
    en: &'static str,
    repair_zh: &'static str,
    repair_en: &'static str,
}

impl Reason {
    pub const ALL: [Reason; 28] = [
        Reason::IdLostDigits,
        Reason::IdLength,
        Reason::IdOld,
        Reason::IdCharacters,
        Reason::IdCheckDigit,
        Reason::IdBirthImpossible,
        Reason::IdMissing,
        Reason::DocumentUnreadable,
        Reason::NameMissing,
        Reason::NameUnreadable,
        Reason::NamePrivateCharacter,
        Reason::BirthDiffers,
        Reason::BirthUnreadable,
        Reason::BirthInFuture,
        Reason::SexDiffers,
        Reason::SexUnreadable,
        Reason::PhoneUnreadable,
        Reason::GroupUnknown,
        Reason::DeathUnreadable,
        Reason::MovedUnreadable,
        Reason::BirthMissing,
        Reason::KnownElsewhere,
        Reason::KnownOutside,
        Reason::PlaceOutside,
        Reason::NotTaken,
        Reason::KnownAsDied,
        Reason::KnownAsMoved,
        Reason::NameDiffers,
    ];

    /// The reason of a code.
    pub fn from_code(code: &str) -> Option<Reason> {
        Reason::ALL.into_iter().find(|it| it.code() == code)
    }

    /// The stable English code.
    pub fn code(self) -> &'static str {
        self.words().code
    }

    /// What is wrong, in Chinese.
    pub fn zh(self) -> &'static str {
        self.words().zh
    }

    /// What is wrong, in English.
    pub fn en(self) -> &'static str {
        self.words().en
    }

    /// What to do, in Chinese.
    pub fn repair_zh(self) -> &'static str {
        self.words().repair_zh
    }

    /// What to do, in English.
    pub fn repair_en(self) -> &'static str {
        self.words().repair_en
    }

    /// What to do, Chinese first and English second.
    pub fn repair(self) -> String {
        format!("{} {}", self.repair_zh(), self.repair_en())
    }

    fn words(self) -> Words {
        let words = |code, zh, en, repair_zh, repair_en| Words { code, zh, en, repair_zh, repair_en };
        match self {
            Reason::IdLostDigits => words(
                "id lost its digits in the spreadsheet",
                "身份证号被表格软件当作数字保存,末几位已丢失",
                "The spreadsheet stored the ID number as a number and lost its last digits.",
                "先把该列设置为“文本”格式,再按证件重新录入 18 位号码。",
                "Format the column as text, then enter the 18 characters again from the card.",
            ),
            Reason::IdLength => words(
                "id length",
                "身份证号不是 18 位",
                "The ID number does not have 18 characters.",
                "请按证件核对,补齐或删去多余的位数。",
                "Compare with the card and complete the number.",
            ),
            Reason::IdOld => words(
                "id length: old 15-digit number",
                "这是 15 位的老身份证号",
                "This is an old ID number of 15 digits.",
                "请填写现行的 18 位公民身份号码,系统不会自动换算。",
                "Ask for the 18-digit number in force; it is not converted by itself.",
            ),
            Reason::IdCharacters => words(
                "id characters",
                "身份证号里有数字和末位 X 以外的字符",
                "The ID number has other characters than digits and a final X.",
                "请按证件重新录入;打了星号的号码不能导入。",
                "Enter it again from the card; a number masked with asterisks cannot be imported.",
            ),
            Reason::IdCheckDigit => words(
                "id check digit",
                "身份证号校验码不对,有一位或几位录错",
                "The check digit does not fit: some digit of the ID number is wrong.",
                "请按证件逐位核对。",
                "Compare digit by digit with the card.",
            ),
            Reason::IdBirthImpossible => words(
                "id birth date impossible",
                "身份证号中的出生日期不存在或在今天之后",
                "The birth date inside the ID number does not exist or lies in the future.",
                "请按证件核对第 7 至 14 位。",
                "Compare digits 7 to 14 with the card.",
            ),
            Reason::IdMissing => words(
                "id missing",
                "没有身份证号,按“暂无证件”导入",
                "There is no ID number; the person is taken as having none yet.",
                "取得证件后请补录。",
                "Add the number when the person has one.",
            ),
            Reason::DocumentUnreadable => words(
                "document number unreadable",
                "证件号码不像所填类型的证件",
                "The number does not look like a document of the kind named.",
                "请核对证件类型和证件号码。",
                "Compare kind and number with the document.",
            ),
            Reason::NameMissing => words(
                "name missing",
                "没有姓名",
                "There is no name.",
                "请按证件填写姓名。",
                "Enter the name as the card has it.",
            ),
            Reason::NameUnreadable => words(
                "name unreadable",
                "姓名栏不是姓名(数字、公式错误或乱码)",
                "What stands for the name is none: a number, a formula error or broken characters.",
                "请按证件重新填写姓名。",
                "Enter the name again as the card has it.",
            ),
            Reason::NamePrivateCharacter => words(
                "name private character",
                "姓名里有只在某台电脑上能显示的自造字",
                "The name has a character that only some computers can show.",
                "请用输入法重新录入这个生僻字。",
                "Enter the rare character again with an input method.",
            ),
            Reason::BirthDiffers => words(
                "birth date differs from id",
                "出生日期与身份证号不一致,以身份证号为准",
                "The birth date differs from the ID number; the ID number was taken.",
                "请核对出生日期。",
                "Check the birth date.",
            ),
            Reason::BirthUnreadable => words(
                "birth date unreadable",
                "看不懂出生日期",
                "The birth date cannot be read.",
                "请写成 1945-04-17 这样的形式;只知道年份时写 1945。",
                "Write it as 1945-04-17; when only the year is known, write 1945.",
            ),
            Reason::BirthInFuture => words(
                "birth date in the future",
                "出生日期在今天之后",
                "The birth date lies in the future.",
                "请核对出生日期。",
                "Check the birth date.",
            ),
            Reason::SexDiffers => words(
                "sex differs from id",
                "性别与身份证号不一致,以身份证号为准",
                "The sex differs from the ID number; the ID number was taken.",
                "请核对性别。",
                "Check the sex.",
            ),
            Reason::SexUnreadable => words(
                "sex unreadable",
                "看不懂性别",
                "The sex cannot be read.",
                "请填写“男”或“女”。",
                "Write 男 or 女.",
            ),
            Reason::PhoneUnreadable => words(
                "phone unreadable",
                "看不懂电话号码,未导入",
                "The telephone number cannot be read and was left out.",
                "手机号为 11 位;座机请带区号,如 0432-6892152。",
                "A mobile number has 11 digits; write a landline with its area code, as 0432-6892152.",
            ),
            Reason::GroupUnknown => words(
                "group unknown",
                "不认识的人员类别,未导入",
                "The group is not known and was left out.",
                "请改用系统中的类别名称。",
                "Use the name of a group that the product knows.",
            ),
            Reason::DeathUnreadable => words(
                "death date unreadable",
                "看不懂死亡日期,或日期不可能",
                "The date of death cannot be read or is impossible.",
                "请写成 2024-04-17 这样的形式。",
                "Write it as 2024-04-17.",
            ),
            Reason::MovedUnreadable => words(
                "moving date unreadable",
                "看不懂迁入或迁出日期",
                "The date of moving cannot be read.",
                "请写成 2024-04-17 这样的形式。",
                "Write it as 2024-04-17.",
            ),
            Reason::BirthMissing => words(
                "birth date missing",
                "没有身份证号,也没有出生日期",
                "There is neither an ID number nor a birth date.",
                "请填写身份证号;没有证件的,填写出生日期,只知道年份时写年份;年龄年年在变,不能代替。",
                "Enter the ID number; without one the birth date, or its year alone; an age changes and cannot stand for it.",
            ),
            Reason::KnownElsewhere => words(
                "known in another county",
                "这个证件号码已在其他县区在册",
                "The register of another county has this number.",
                "确已迁来的,请原县区办理迁出;否则请核对证件号码。",
                "If the person has moved here, the other county has to move the record; otherwise check the number.",
            ),
            Reason::KnownOutside => words(
                "known outside your area",
                "这个证件号码已在本县区在册,但不在您的管理范围内",
                "The register has this number in the same county, outside your area.",
                "请由县级管理人员导入或修改。",
                "Ask somebody who is responsible for the whole county.",
            ),
            Reason::PlaceOutside => words(
                "place outside your area",
                "居住地不在您的管理范围内",
                "The place lies outside your area.",
                "请核对居住地,或由当地导入。",
                "Check the place, or let those who are responsible for it import the row.",
            ),
            Reason::NotTaken => words(
                "refused by the register",
                "名册没有接受这一行",
                "The register did not take the row.",
                "请在页面上逐人登记,页面会说明原因。",
                "Enter the person on the page, which says why.",
            ),
            Reason::KnownAsDied => words(
                "known as died",
                "名册已登记此人死亡,未改动",
                "The register has this person as died; nothing was changed.",
                "确属误登的,请在档案中撤销死亡登记。",
                "If that is a mistake, take the death back on the person's page.",
            ),
            Reason::KnownAsMoved => words(
                "known as moved away",
                "名册已登记此人迁出,未改动",
                "The register has this person as moved away; nothing was changed.",
                "确已迁回的,请重新登记。",
                "If the person came back, enter them anew.",
            ),
            Reason::NameDiffers => words(
                "name differs from the register",
                "姓名与名册中同一证件号码的姓名不同,以名册为准",
                "The register has another name for this number; the register's was kept.",
                "请核对姓名和证件号码,需要时在档案中改名。",
                "Check name and number; change the name on the person's page if it must be.",
            ),
        }
    }
}

impl Serialize for Reason {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}
