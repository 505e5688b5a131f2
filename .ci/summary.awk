# Adds up Surefire's XML reports: one line with the counts, then each skipped test and why.
# Exit code 1 when no test ran, or when one was skipped and ci is "true".

function attribute(name,    at, rest) {
  at = index($0, " " name "=\"")
  if (!at) return ""
  rest = substr($0, at + length(name) + 3)
  return substr(rest, 1, index(rest, "\"") - 1)
}

function plain(text) {
  gsub(/&#10;.*/, "", text)
  gsub(/&lt;/, "<", text)
  gsub(/&gt;/, ">", text)
  gsub(/&quot;/, "\"", text)
  gsub(/&apos;/, "'", text)
  gsub(/&amp;/, "\\&", text)
  return text
}

/<testsuite / {
  tests += attribute("tests")
  failed += attribute("failures") + attribute("errors")
  skipped += attribute("skipped")
}

/<testcase / { test = attribute("classname") "." attribute("name") }

# A reason is an attribute when a test is disabled, and the text of the exception, from its name up
# to the stack, when an assumption fails.
/<skipped/ {
  why = plain(attribute("message"))
  inside = why == "" && /<!\[CDATA\[/
  sub(/.*<!\[CDATA\[[^:]*: ?/, "")
}

inside && /^\tat / { inside = 0 }

inside { why = why (why == "" ? "" : " ") $0 }

/<skipped.*\/>|<\/skipped>/ { reasons[++named] = test ": " (why == "" ? "no reason given" : why) }

END {
  printf "watari test: %d tests, %d failed, %d skipped\n", tests, failed, skipped
  for (i = 1; i <= named; i++) print "  skipped " reasons[i]
  if (skipped && ci == "true") print "watari test: with CI=true a skipped test is a failure"
  if (!tests) print "watari test: no test ran"
  exit !tests || (skipped && ci == "true")
}
