package api

// The acts of the services for records.
const (
	actLogsRead       = "records.logsRead"
	actThresholdsSet  = "records.thresholds"
	actArchiveChosen  = "records.archiveChosen"
	actArchiveMade    = "records.archiveMade"
	actRecordsZone    = "records.zone"
	actArchiveKept    = "records.archiveKept"
	actArchiveDeleted = "records.archiveDeleted"
	actReportMade     = "records.reportMade"
	actRecordsErased  = "records.erased"

	actFrontDeskLocked = "frontDesk.locked"
	actFrontDeskLeft   = "frontDesk.left"
)
