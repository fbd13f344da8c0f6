package main

// fileManager is the command that shows a folder. It ends with code 1 even if all is well.
const fileManager = "explorer.exe"
