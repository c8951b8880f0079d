; The installer for people: for this user only, without an administrator. Built by `cargo xtask dist`, which defines
; VERSION, FILE_VERSION, TREE (the files), WORDS (words shared with the program), OUT and SIGN (a command, or empty);
; QUICK where size does not matter.
Target amd64-unicode

!include "MUI2.nsh"
!include "LogicLib.nsh"
!include "WordFunc.nsh"
!include "${WORDS}"

!define NAME "Inbox Doctor"
!define PROGRAM "inbox-doctor-desktop.exe"
!define KIND "InboxDoctor.Report.1"
!define OWN "Software\InboxDoctor\Setup"
!define ENTRY "Software\Microsoft\Windows\CurrentVersion\Uninstall\InboxDoctor"
!define CLASSES "Software\Classes"
; https://learn.microsoft.com/microsoft-edge/webview2/concepts/distribution
!define RUNTIME "Microsoft\EdgeUpdate\Clients\{F3017226-FE2A-4295-8BDF-00C3A9A7E4C5}"

; Ends of a silent run, beside the 0 to 2 of the installer system itself.
!define NEWER_IS_THERE 3
!define IS_RUNNING 4

Name "${NAME}"
OutFile "${OUT}"
RequestExecutionLevel user
InstallDir "$LOCALAPPDATA\Programs\Inbox Doctor"
InstallDirRegKey HKCU "${OWN}" "InstallDir"
!ifdef QUICK
  SetCompressor zlib
!else
  ; Large enough that the second program is told by what it shares with the first.
  SetCompressor /SOLID lzma
  SetCompressorDictSize 32
!endif
BrandingText "${NAME} ${VERSION}"
ManifestDPIAware true
VIProductVersion "${FILE_VERSION}"
VIFileVersion "${FILE_VERSION}"
VIAddVersionKey "ProductName" "${NAME}"
VIAddVersionKey "ProductVersion" "${VERSION}"
VIAddVersionKey "FileVersion" "${VERSION}"
VIAddVersionKey "FileDescription" "${NAME} setup"
VIAddVersionKey "CompanyName" "The Inbox Doctor authors"
VIAddVersionKey "LegalCopyright" "The Inbox Doctor authors"
!if "${SIGN}" != ""
  !uninstfinalize '${SIGN} "%1"'
!endif

!define MUI_ICON "${TREE}\icon.ico"
!define MUI_UNICON "${TREE}\icon.ico"
!define MUI_FINISHPAGE_RUN "$INSTDIR\${PROGRAM}"
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
; The first is taken for every language that is not listed.
!insertmacro MUI_LANGUAGE "English"
!insertmacro MUI_LANGUAGE "Japanese"

LangString ReportKind ${LANG_ENGLISH} "Inbox Doctor report"
LangString ReportKind ${LANG_JAPANESE} "Inbox Doctor レポート"
LangString NewerIsThere ${LANG_ENGLISH} "Version $0 of Inbox Doctor is already installed, which is newer than ${VERSION}. It stays as it is."
LangString NewerIsThere ${LANG_JAPANESE} "より新しい Inbox Doctor $0 がインストールされています（このインストーラーは ${VERSION} です）。何も変更せずに終了します。"
LangString IsRunning ${LANG_ENGLISH} "Inbox Doctor is running. Close it, then choose Retry."
LangString IsRunning ${LANG_JAPANESE} "Inbox Doctor が起動しています。閉じてから［再試行］を選択してください。"
!insertmacro WebViewStrings

; Leaves the run when the program is in use: its file cannot be replaced then. Nothing was changed so far.
!macro WaitForProgram
  ${DoWhile} ${FileExists} "$INSTDIR\${PROGRAM}"
    ClearErrors
    FileOpen $1 "$INSTDIR\${PROGRAM}" a
    ${IfNot} ${Errors}
      FileClose $1
      ${Break}
    ${EndIf}
    MessageBox MB_RETRYCANCEL|MB_ICONINFORMATION "$(IsRunning)" /SD IDCANCEL IDRETRY +3
      SetErrorLevel ${IS_RUNNING}
      Quit
  ${Loop}
!macroend

Function .onInit
  SetRegView 64
  ReadRegStr $0 HKCU "${OWN}" "Version"
  ${If} $0 != ""
    ${VersionCompare} "$0" "${VERSION}" $1
    ${If} $1 = 1
      MessageBox MB_OK|MB_ICONINFORMATION "$(NewerIsThere)" /SD IDOK
      SetErrorLevel ${NEWER_IS_THERE}
      Quit
    ${EndIf}
  ${EndIf}
FunctionEnd

Function un.onInit
  SetRegView 64
  !insertmacro WaitForProgram
FunctionEnd

; $0: version of the web view for this user, empty where there is none.
Function WebViewVersion
  ReadRegStr $0 HKLM "SOFTWARE\WOW6432Node\${RUNTIME}" "pv"
  ${If} $0 == ""
  ${OrIf} $0 == "0.0.0.0"
    ReadRegStr $0 HKCU "Software\${RUNTIME}" "pv"
  ${EndIf}
  ${If} $0 == "0.0.0.0"
    StrCpy $0 ""
  ${EndIf}
FunctionEnd

Section "Install"
  !insertmacro WaitForProgram
  SetOutPath "$INSTDIR"
  File "${TREE}\inbox-doctor.exe"
  File "${TREE}\inbox-doctor-desktop.exe"
  File "${TREE}\WebView2Loader.dll"
  File "${TREE}\licences.txt"
  WriteUninstaller "$INSTDIR\uninstall.exe"
  CreateShortCut "$SMPROGRAMS\${NAME}.lnk" "$INSTDIR\${PROGRAM}"

  WriteRegStr HKCU "${OWN}" "InstallDir" "$INSTDIR"
  WriteRegStr HKCU "${OWN}" "Version" "${VERSION}"

  WriteRegStr HKCU "${CLASSES}\.inboxdoctor" "" "${KIND}"
  WriteRegStr HKCU "${CLASSES}\.inboxdoctor" "Content Type" "application/vnd.inbox-doctor.report+json"
  WriteRegStr HKCU "${CLASSES}\.inboxdoctor\OpenWithProgids" "${KIND}" ""
  WriteRegStr HKCU "${CLASSES}\${KIND}" "" "$(ReportKind)"
  WriteRegStr HKCU "${CLASSES}\${KIND}\DefaultIcon" "" "$INSTDIR\${PROGRAM},0"
  WriteRegStr HKCU "${CLASSES}\${KIND}\shell\open\command" "" '"$INSTDIR\${PROGRAM}" "%1"'

  WriteRegStr HKCU "${ENTRY}" "DisplayName" "${NAME}"
  WriteRegStr HKCU "${ENTRY}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${ENTRY}" "DisplayIcon" "$INSTDIR\${PROGRAM},0"
  WriteRegStr HKCU "${ENTRY}" "Publisher" "The Inbox Doctor authors"
  WriteRegStr HKCU "${ENTRY}" "URLInfoAbout" "${HOME}"
  WriteRegStr HKCU "${ENTRY}" "InstallLocation" "$INSTDIR"
  WriteRegStr HKCU "${ENTRY}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegStr HKCU "${ENTRY}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
  WriteRegDWORD HKCU "${ENTRY}" "NoModify" 1
  WriteRegDWORD HKCU "${ENTRY}" "NoRepair" 1
  SectionGetSize 0 $0
  WriteRegDWORD HKCU "${ENTRY}" "EstimatedSize" $0

  ; SHCNE_ASSOCCHANGED: Explorer shows the new kind of file at once.
  System::Call 'shell32::SHChangeNotify(i 0x08000000, i 0, p 0, p 0)'

  Call WebViewVersion
  ${If} $0 == ""
    MessageBox MB_YESNO|MB_ICONINFORMATION "$(WebViewMissing)" /SD IDNO IDNO +2
      ExecShell "open" "${WEB_VIEW_LINK}"
  ${EndIf}
SectionEnd

; Settings, history and sign-ins belong to the person, not to the program: they stay.
Section "Uninstall"
  Delete "$INSTDIR\inbox-doctor.exe"
  Delete "$INSTDIR\inbox-doctor-desktop.exe"
  Delete "$INSTDIR\WebView2Loader.dll"
  Delete "$INSTDIR\licences.txt"
  Delete "$INSTDIR\uninstall.exe"
  RMDir "$INSTDIR"
  Delete "$SMPROGRAMS\${NAME}.lnk"
  ReadRegStr $0 HKCU "${CLASSES}\.inboxdoctor" ""
  ${If} $0 == "${KIND}"
    DeleteRegValue HKCU "${CLASSES}\.inboxdoctor" ""
    DeleteRegValue HKCU "${CLASSES}\.inboxdoctor" "Content Type"
  ${EndIf}
  DeleteRegValue HKCU "${CLASSES}\.inboxdoctor\OpenWithProgids" "${KIND}"
  DeleteRegKey /ifempty HKCU "${CLASSES}\.inboxdoctor\OpenWithProgids"
  DeleteRegKey /ifempty HKCU "${CLASSES}\.inboxdoctor"
  DeleteRegKey HKCU "${CLASSES}\${KIND}"
  DeleteRegKey HKCU "${OWN}"
  DeleteRegKey /ifempty HKCU "Software\InboxDoctor"
  DeleteRegKey HKCU "${ENTRY}"
  System::Call 'shell32::SHChangeNotify(i 0x08000000, i 0, p 0, p 0)'
SectionEnd
