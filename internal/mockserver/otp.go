package mockserver

import (
	"crypto/rand"
	"crypto/subtle"
	"fmt"
	"maps"
	"math/big"
	"time"
)

// otpCode is a code that was sent and not yet used.
type otpCode struct {
	Code      string    `json:"code"`
	ExpiresAt time.Time `json:"expiresAt"`
	Failures  int       `json:"failures"`
}

// Code returns the code that the OTP stream sent last to the recipient, whether it is still good or not, or "" if there is
// none or it was used.
func (s *Server) Code(streamID int, recipient string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if st := s.account.stream(streamID); st != nil {
		return st.Codes[recipient].Code
	}
	return ""
}

var (
	authShape   = shape{"recipient_phone": nil, "sender": nil, "template_variables": nil}
	verifyShape = shape{"recipient_phone": nil, "code": nil}
)

// codeText is the text around a code of a stream without events.
const codeText = "Your code is {code}"

// otpAuth sends a code, the API's own or the customer's, by the stream's first event.
func (s *Server) otpAuth(c *call) *answer {
	f := c.read(authShape)
	out := f.readOutgoing("")
	values := f.readVariables()
	if *f.violations != nil {
		return invalid(*f.violations)
	}
	if c.stream.Type != OTP {
		return failed(wrongType(c.stream.Type))
	}
	settings := c.stream.otpSettings()
	if settings.CodeGeneration != "customer" {
		values["code"] = newCode(settings.CodeLength)
	} else if values["code"] == "" {
		out.refused = missingVariable("code")
	}
	template := codeText
	if len(c.stream.Events) > 0 {
		template = c.stream.Events[0].Template
	}
	out.fill(template, values)

	before := len(s.account.Messages)
	ans := s.send(c.stream, []outgoing{out})
	if len(s.account.Messages) > before {
		c.stream.keepCode(out.recipient, otpCode{
			Code: values["code"], ExpiresAt: s.now().Add(time.Duration(settings.CodeTTL) * time.Second),
		})
	}
	return ans
}

// otpVerify checks a code. A right one is good once.
func (s *Server) otpVerify(c *call) *answer {
	f := c.read(verifyShape)
	f.require("recipient_phone", "code")
	recipient, _ := f.text("recipient_phone")
	given, _ := f.text("code")
	if *f.violations != nil {
		return invalid(*f.violations)
	}
	if c.stream.Type != OTP {
		return verified(wrongType(c.stream.Type).details)
	}
	if state := c.stream.state(s.now()); state != Ready && state != Sending {
		return verified(notSendable(state).details)
	}
	code, sent := c.stream.Codes[recipient]
	switch {
	case !sent:
		return verified("no code was sent to this number")
	case !s.now().Before(code.ExpiresAt):
		return verified("code has expired")
	case code.Failures >= c.stream.otpSettings().MaxFailures:
		return verified("too many failures")
	case subtle.ConstantTimeCompare([]byte(given), []byte(code.Code)) != 1:
		code.Failures++
		c.stream.keepCode(recipient, code)
		return verified("code is wrong")
	}
	delete(c.stream.Codes, recipient)
	return verified("")
}

// verified answers a check: why the code is no good, or that it is.
func verified(details string) *answer {
	return ok(map[string]any{"status": details == "", "details": orNull(details)})
}

// keepCode remembers a code in the place of the one before.
func (st *stream) keepCode(recipient string, code otpCode) {
	codes := maps.Clone(st.Codes)
	if codes == nil {
		codes = map[string]otpCode{}
	}
	codes[recipient] = code
	st.Codes = codes
}

func (st *stream) otpSettings() OTPSettings {
	if st.OTP == nil {
		return defaultOTP()
	}
	return *st.OTP
}

// limited reports whether the stream has sent a recipient all that its sending limit allows for now.
func (s *Server) limited(st *stream, recipient string) bool {
	if st.OTP == nil || st.OTP.SendingLimit == nil {
		return false
	}
	limit := st.OTP.SendingLimit
	since := s.now().Add(-time.Duration(limit.PeriodSeconds) * time.Second)
	sent := 0
	for _, m := range s.account.Messages {
		if m.StreamID == st.ID && m.Recipient == recipient && m.SentAt.After(since) {
			sent++
		}
	}
	return sent >= limit.Messages
}

// newCode returns a random code of so many digits.
func newCode(digits int) string {
	most := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(digits)), nil)
	n, err := rand.Int(rand.Reader, most)
	if err != nil {
		panic(err) // The reader never fails.
	}
	return fmt.Sprintf("%0*d", digits, n)
}
