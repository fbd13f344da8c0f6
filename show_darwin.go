package main

// fileManager is the command that shows a folder.
const fileManager = "open"
