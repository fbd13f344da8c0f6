; Installs Mailroom for one person, without administrator rights.
;   makensis -DVERSION=0.1.0 -DPROGRAM=../bin/mailroom-amd64.exe -DOUTPUT=../bin/mailroom-setup.exe installer.nsi
; WEBVIEW names Microsoft's small installer of the WebView2 runtime, which is part of
; the Wails module (internal/webview2runtime); it runs only where the runtime is missing.
Unicode true
RequestExecutionLevel user
ManifestDPIAware true
SetCompressor /SOLID lzma

!include MUI2.nsh

!ifndef VERSION
  !define VERSION 0.1.0
!endif
!define KEY "Software\Microsoft\Windows\CurrentVersion\Uninstall\Mailroom"
!define FILES "Software\Classes\Mailroom.Invitation"
!define EXTENSION "Software\Classes\.mailroom"
!define WEBVIEW_KEY "Microsoft\EdgeUpdate\Clients\{F3017226-FE2A-4295-8BDF-00C3A9A7E4C5}"

Name "Mailroom"
OutFile "${OUTPUT}"
InstallDir "$LOCALAPPDATA\Programs\Mailroom"
VIProductVersion "${VERSION}.0"
VIAddVersionKey ProductName "Mailroom"
VIAddVersionKey FileDescription "Mailroom"
VIAddVersionKey FileVersion "${VERSION}"
VIAddVersionKey LegalCopyright "Copyright 2026 the Mailroom authors"

!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!define MUI_FINISHPAGE_RUN "$INSTDIR\mailroom.exe"
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "English"
!insertmacro MUI_LANGUAGE "SimpChinese"

; SHCNE_ASSOCCHANGED: the kinds of files have changed.
!macro TellExplorer
  System::Call 'shell32::SHChangeNotify(i 0x08000000, i 0, p 0, p 0)'
!macroend

Section
  SetOutPath "$INSTDIR"
  File "/oname=mailroom.exe" "${PROGRAM}"
  CreateShortcut "$SMPROGRAMS\Mailroom.lnk" "$INSTDIR\mailroom.exe"
  CreateShortcut "$DESKTOP\Mailroom.lnk" "$INSTDIR\mailroom.exe"
!ifdef WEBVIEW
  ReadRegStr $0 HKLM "SOFTWARE\WOW6432Node\${WEBVIEW_KEY}" "pv"
  StrCmp $0 "" 0 webview_there
  ReadRegStr $0 HKCU "Software\${WEBVIEW_KEY}" "pv"
  StrCmp $0 "" 0 webview_there
  InitPluginsDir
  File "/oname=$PLUGINSDIR\webview.exe" "${WEBVIEW}"
  ExecWait '"$PLUGINSDIR\webview.exe" /silent /install'
  webview_there:
!endif
  WriteUninstaller "$INSTDIR\uninstall.exe"
  WriteRegStr HKCU "${KEY}" "DisplayName" "Mailroom"
  WriteRegStr HKCU "${KEY}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${KEY}" "DisplayIcon" "$INSTDIR\mailroom.exe"
  WriteRegStr HKCU "${KEY}" "Publisher" "Mailroom"
  WriteRegStr HKCU "${KEY}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegDWORD HKCU "${KEY}" "NoModify" 1
  WriteRegDWORD HKCU "${KEY}" "NoRepair" 1
  ; Invitations and results open with a double click.
  WriteRegStr HKCU "${FILES}" "" "Mailroom invitation"
  WriteRegStr HKCU "${FILES}\DefaultIcon" "" "$INSTDIR\mailroom.exe,0"
  WriteRegStr HKCU "${FILES}\shell\open\command" "" '"$INSTDIR\mailroom.exe" "%1"'
  WriteRegStr HKCU "${EXTENSION}" "" "Mailroom.Invitation"
  WriteRegStr HKCU "${EXTENSION}" "Content Type" "application/x-mailroom"
  !insertmacro TellExplorer
SectionEnd

; The data folder stays: it holds moves, the ledger and sealed passwords.
Section "Uninstall"
  Delete "$INSTDIR\mailroom.exe"
  Delete "$INSTDIR\uninstall.exe"
  RMDir "$INSTDIR"
  Delete "$SMPROGRAMS\Mailroom.lnk"
  Delete "$DESKTOP\Mailroom.lnk"
  DeleteRegKey HKCU "${KEY}"
  DeleteRegKey HKCU "${FILES}"
  ReadRegStr $0 HKCU "${EXTENSION}" ""
  StrCmp $0 "Mailroom.Invitation" 0 another_program
  DeleteRegKey HKCU "${EXTENSION}"
  another_program:
  !insertmacro TellExplorer
SectionEnd
