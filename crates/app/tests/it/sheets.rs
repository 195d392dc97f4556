//! Institutions and staff from sheets: checked like the form, refused rows handed back, nothing entered twice.

use kit::{sheet, who::Role};

use crate::support::{COUNTY, TestApp, on_both};

const INSTITUTIONS: &str = "机构名称,类别,统一社会信用代码,所在乡镇,医疗床位,养老床位,护理型床位,医养结合方式,执业许可证号,许可证有效期至,电话\n\
    康乐养老院,敬老院,91350100M000100Y43,城关镇东街社区,,80,44,签约,,,0816-2345678\n\
    河口镇卫生院,卫生院,,河口镇,30,,,,PDY001,2030/12/31,\n\
    代码错误的养老院,养老机构,91350100M000100Y44,城关镇,,10,,,,,\n\
    不知何处的养老院,养老机构,,南门街道,,10,,,,,\n\
    床位颠倒的养老院,养老机构,,城关镇,,10,11,,,,\n";

const STAFF: &str = "姓名,身份证号,岗位,职称,工作单位,用工性质,证书编号,发证日期\n\
    王燕,11010519491231002X,护士,护师,城关镇卫生院,合同,N001,2024.3.1\n\
    李强,,村医,无,城关镇卫生院,在编,,\n\
    赵敏,110105194912310021,护士,护师,城关镇卫生院,合同,,\n\
    孙浩,,医生,主治医师,没有的医院,在编,,\n";

async fn upload(app: &TestApp, path: &str, csv: &str, dry_run: &str) -> (String, kit::Id) {
    let mut official = app.client(Role::Official).await;
    official.get(path).await.ok();
    let fields = [("place", COUNTY), ("dry_run", dry_run)];
    let leads = official.post_file(path, &fields, ("file", "名录.csv", csv.as_bytes())).await.leads();
    let id = leads.rsplit('/').next().unwrap().parse().unwrap();
    (official.get(&leads).await.ok().text(), id)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sheet_of_institutions_is_checked_then_taken_and_wrong_rows_come_back() {
    on_both(async |app| {
        let path = "/institutions/import";
        let (page, id) = upload(app, path, INSTITUTIONS, "yes").await;
        assert!(page.contains("这是检查结果") && page.contains("校验码不符"));
        assert_eq!(app.count("select count(*) from institution").await, 0, "a check writes nothing");
        let mut official = app.client(Role::Official).await;
        official.get(path).await.ok();
        let done = official.post(&format!("{path}/{id}/again"), &[]).await.leads();
        let page = official.get(&done).await.ok().text();
        assert!(page.contains("护理型床位不能多于养老床位") && page.contains("南门街道"));
        assert_eq!(app.count("select count(*) from institution").await, 2);
        let home = "select count(*) from organisation o join institution i on i.region = o.region and i.id = o.id
                     where o.kind = 'elderly_home' and o.place = '990101001001' and i.modes = 'mode_contracted' and i.beds = 80";
        assert_eq!(app.count(home).await, 1);
        assert_eq!(app.count("select count(*) from institution_licence where until_day = '2030-12-31'").await, 1);
        let refused = official.get(&format!("{done}/refused.xlsx")).await.ok();
        let book = sheet::read(&refused.body, "a.xlsx", &sheet::Limits::default()).unwrap();
        assert_eq!(book.sheets[0].rows.len(), 1 + 3);
        // The same once more enters nothing.
        let (page, _) = upload(app, path, INSTITUTIONS, "no").await;
        assert!(page.contains("无变化"));
        assert_eq!(app.count("select count(*) from institution").await, 2);
        assert_eq!(app.count("select max(unchanged) from sheet_import").await, 2);
        official.post_file(path, &[("place", COUNTY)], ("file", "空.csv", "甲,乙\n1,2\n".as_bytes())).await.with_status(422);
        official.get(&format!("{path}/template.xlsx")).await.ok();
        let other = app.client_at(Role::Official, "990102").await.get(&done).await;
        assert_eq!(other.status, 404);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sheet_of_staff_finds_institutions_by_name_and_people_by_number() {
    on_both(async |app| {
        let (page, _) = upload(app, "/workforce/import", STAFF, "no").await;
        assert!(page.contains("没有的医院") && page.contains("校验"));
        assert_eq!(app.count("select count(*) from staff").await, 2);
        let nurse = "select count(*) from staff s join staff_certificate c on c.region = s.region and c.staff = s.id
                      where s.kind = 'nurse' and s.title = 'junior' and c.kind = 'nurse' and c.until_day = '2029-02-28'";
        assert_eq!(app.count(nurse).await, 1);
        let changed = STAFF.replace("护师,城关镇卫生院", "主管护师,城关镇卫生院");
        upload(app, "/workforce/import", &changed, "no").await;
        let api = app.api(Role::Official).await;
        let report = api.post("/api/v1/workforce/import?name=a.csv", serde_json::json!("姓名")).await;
        assert_eq!(report.status, 422, "a text is no table of staff");
        assert_eq!(app.count("select count(*) from staff where title = 'middle' and kind = 'nurse'").await, 1);
        assert_eq!(app.count("select count(*) from staff where kind = 'nurse'").await, 1, "nobody twice");
    })
    .await;
}
