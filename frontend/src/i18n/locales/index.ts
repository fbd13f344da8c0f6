/** The texts of both languages: one folder a language, one file an area, no top-level key in two files. */
import enAudit from "@/i18n/locales/en/audit.json";
import enBook from "@/i18n/locales/en/book.json";
import enCards from "@/i18n/locales/en/cards.json";
import enCertificate from "@/i18n/locales/en/certificate.json";
import enDmarcReports from "@/i18n/locales/en/dmarcreports.json";
import enDoctor from "@/i18n/locales/en/doctor.json";
import enDoctorPage from "@/i18n/locales/en/doctorpage.json";
import enDoctorWork from "@/i18n/locales/en/doctorwork.json";
import enExplain from "@/i18n/locales/en/explain.json";
import enGuides from "@/i18n/locales/en/guides.json";
import enHome from "@/i18n/locales/en/home.json";
import enInvite from "@/i18n/locales/en/invite.json";
import enJoiner from "@/i18n/locales/en/joiner.json";
import enLists from "@/i18n/locales/en/lists.json";
import enMonthly from "@/i18n/locales/en/monthly.json";
import enMove from "@/i18n/locales/en/move.json";
import enOauth from "@/i18n/locales/en/oauth.json";
import enOffice from "@/i18n/locales/en/office.json";
import enOfficeWhy from "@/i18n/locales/en/officewhy.json";
import enPapers from "@/i18n/locales/en/papers.json";
import enProviders from "@/i18n/locales/en/providers.json";
import enReaders from "@/i18n/locales/en/readers.json";
import enRecords from "@/i18n/locales/en/records.json";
import enRecordsPage from "@/i18n/locales/en/recordspage.json";
import enRun from "@/i18n/locales/en/run.json";
import enShell from "@/i18n/locales/en/shell.json";
import enStaff from "@/i18n/locales/en/staff.json";
import enSwitchover from "@/i18n/locales/en/switchover.json";
import enTrouble from "@/i18n/locales/en/trouble.json";
import enUndo from "@/i18n/locales/en/undo.json";
import enWhen from "@/i18n/locales/en/when.json";
import enWizard from "@/i18n/locales/en/wizard.json";
import zhAudit from "@/i18n/locales/zh-CN/audit.json";
import zhBook from "@/i18n/locales/zh-CN/book.json";
import zhCards from "@/i18n/locales/zh-CN/cards.json";
import zhCertificate from "@/i18n/locales/zh-CN/certificate.json";
import zhDmarcReports from "@/i18n/locales/zh-CN/dmarcreports.json";
import zhDoctor from "@/i18n/locales/zh-CN/doctor.json";
import zhDoctorPage from "@/i18n/locales/zh-CN/doctorpage.json";
import zhDoctorWork from "@/i18n/locales/zh-CN/doctorwork.json";
import zhExplain from "@/i18n/locales/zh-CN/explain.json";
import zhGuides from "@/i18n/locales/zh-CN/guides.json";
import zhHome from "@/i18n/locales/zh-CN/home.json";
import zhInvite from "@/i18n/locales/zh-CN/invite.json";
import zhJoiner from "@/i18n/locales/zh-CN/joiner.json";
import zhLists from "@/i18n/locales/zh-CN/lists.json";
import zhMonthly from "@/i18n/locales/zh-CN/monthly.json";
import zhMove from "@/i18n/locales/zh-CN/move.json";
import zhOauth from "@/i18n/locales/zh-CN/oauth.json";
import zhOffice from "@/i18n/locales/zh-CN/office.json";
import zhOfficeWhy from "@/i18n/locales/zh-CN/officewhy.json";
import zhPapers from "@/i18n/locales/zh-CN/papers.json";
import zhProviders from "@/i18n/locales/zh-CN/providers.json";
import zhReaders from "@/i18n/locales/zh-CN/readers.json";
import zhRecords from "@/i18n/locales/zh-CN/records.json";
import zhRecordsPage from "@/i18n/locales/zh-CN/recordspage.json";
import zhRun from "@/i18n/locales/zh-CN/run.json";
import zhShell from "@/i18n/locales/zh-CN/shell.json";
import zhStaff from "@/i18n/locales/zh-CN/staff.json";
import zhSwitchover from "@/i18n/locales/zh-CN/switchover.json";
import zhTrouble from "@/i18n/locales/zh-CN/trouble.json";
import zhUndo from "@/i18n/locales/zh-CN/undo.json";
import zhWhen from "@/i18n/locales/zh-CN/when.json";
import zhWizard from "@/i18n/locales/zh-CN/wizard.json";

export const en = {
  ...enAudit,
  ...enBook,
  ...enCards,
  ...enCertificate,
  ...enDmarcReports,
  ...enDoctor,
  ...enDoctorPage,
  ...enDoctorWork,
  ...enExplain,
  ...enGuides,
  ...enHome,
  ...enInvite,
  ...enJoiner,
  ...enLists,
  ...enMonthly,
  ...enMove,
  ...enOauth,
  ...enOffice,
  ...enOfficeWhy,
  ...enPapers,
  ...enProviders,
  ...enReaders,
  ...enRecords,
  ...enRecordsPage,
  ...enRun,
  ...enShell,
  ...enStaff,
  ...enSwitchover,
  ...enTrouble,
  ...enUndo,
  ...enWhen,
  ...enWizard,
};

export const zh = {
  ...zhAudit,
  ...zhBook,
  ...zhCards,
  ...zhCertificate,
  ...zhDmarcReports,
  ...zhDoctor,
  ...zhDoctorPage,
  ...zhDoctorWork,
  ...zhExplain,
  ...zhGuides,
  ...zhHome,
  ...zhInvite,
  ...zhJoiner,
  ...zhLists,
  ...zhMonthly,
  ...zhMove,
  ...zhOauth,
  ...zhOffice,
  ...zhOfficeWhy,
  ...zhPapers,
  ...zhProviders,
  ...zhReaders,
  ...zhRecords,
  ...zhRecordsPage,
  ...zhRun,
  ...zhShell,
  ...zhStaff,
  ...zhSwitchover,
  ...zhTrouble,
  ...zhUndo,
  ...zhWhen,
  ...zhWizard,
};
