package corpus

// officeFolders is the tree of an ordinary mailbox: twelve folders with mail, an
// empty one, and four parents that only hold others.
var officeFolders = []Folder{
	{Levels: []string{"INBOX"}, Subscribed: true},
	{Levels: []string{"已发送"}, Subscribed: true},
	{Levels: []string{"草稿箱"}, Subscribed: true},
	{Levels: []string{"项目"}, NoSelect: true},
	{Levels: []string{"项目", "二〇二四"}, NoSelect: true},
	{Levels: []string{"项目", "二〇二四", "合同"}, Subscribed: true},
	{Levels: []string{"프로젝트"}, NoSelect: true},
	{Levels: []string{"프로젝트", "보고서"}, Subscribed: true},
	{Levels: []string{"プロジェクト"}, NoSelect: true},
	{Levels: []string{"プロジェクト", "議事録"}, Subscribed: true},
	{Levels: []string{"R&D"}, Subscribed: true},
	{Levels: []string{"Kunden & Partner"}, Subscribed: true},
	{Levels: []string{"Old Mail 2009"}},
	{Levels: []string{"Archive"}, Subscribed: true},
	{Levels: []string{"Archive", "2015"}, Subscribed: true},
	{Levels: []string{"Trash"}, Subscribed: true},
	{Levels: []string{"空文件夹"}},
}

// filled gives the folders that get mail, with their shares in percent.
func filled() []share {
	parts := map[string]int{
		"INBOX": 34, "已发送": 18, "草稿箱": 1, "项目/二〇二四/合同": 9, "프로젝트/보고서": 5, "プロジェクト/議事録": 5,
		"R&D": 6, "Kunden & Partner": 7, "Old Mail 2009": 4, "Archive": 5, "Archive/2015": 3, "Trash": 3,
	}
	var out []share
	for _, f := range officeFolders {
		if p := parts[Key(f.Levels)]; p > 0 {
			out = append(out, share{f.Levels, p})
		}
	}
	return out
}

type share struct {
	levels  []string
	percent int
}
