package sms
import ("testing";"os";"strings";"fmt";"unicode/utf8")
func TestOracle(t *testing.T){
 b,_:=os.ReadFile("/tmp/ev/perl.txt"); n:=0
 for _,l:=range strings.Split(strings.TrimSpace(string(b)),"\n"){ var c int; var h string; fmt.Sscanf(l,"%x %s",&c,&h)
  var got string
  i:=strings.IndexRune(defaultAlphabet,rune(c))
  if i>=0 { code:=utf8.RuneCountInString(defaultAlphabet[:i]); if code>=0x1b {code++}; got=fmt.Sprintf("%02x",code)} else if strings.ContainsRune(extensionTable,rune(c)) {got=h[:2]+"??"; if h[:2]=="1b"{got=h}}
  if got!=h {t.Errorf("%U: perl %s mine %s",c,h,got)}; n++ }
 t.Log(n)
}
