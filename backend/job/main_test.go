package job

import (
	"testing"

	"mailroom/backend/testkit/leak"
)

func TestMain(m *testing.M) { leak.Main(m) }
