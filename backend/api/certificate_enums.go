package api

import "mailroom/backend/report"

// CertificateFormat is a file format of a move's certificate, see [report.Format].
type CertificateFormat string

// The formats.
const (
	CertificateHTML = CertificateFormat(report.FormatHTML)
	CertificatePDF  = CertificateFormat(report.FormatPDF)
	CertificateCSV  = CertificateFormat(report.FormatCSV)
	CertificateXLSX = CertificateFormat(report.FormatXLSX)
)

// PaperLanguage is the language of a paper: one, or both in one file.
type PaperLanguage string

// The languages of papers.
const (
	PaperChinese = PaperLanguage(LanguageChinese)
	PaperEnglish = PaperLanguage(LanguageEnglish)
	PaperBoth    = PaperLanguage("both")
)

var certificateFormats = []enum[CertificateFormat]{
	{CertificateHTML, "HTML"}, {CertificatePDF, "PDF"}, {CertificateCSV, "CSV"}, {CertificateXLSX, "XLSX"},
}

var paperLanguages = []enum[PaperLanguage]{{PaperChinese, "Chinese"}, {PaperEnglish, "English"}, {PaperBoth, "Both"}}
