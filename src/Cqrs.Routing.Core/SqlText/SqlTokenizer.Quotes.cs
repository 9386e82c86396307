namespace Cqrs.Routing.SqlText;

internal ref partial struct SqlTokenizer
{
    private const string OpenQuote = "a quote that does not end";

    private SqlToken ReadString(char quote, bool escapes)
    {
        if (dialect != SqlDialect.MySql && !escapes)
            return ReadQuoted(quote, SqlTokenKind.String);

        // A database that nobody here knows is hardly MySQL, and EF writes ESCAPE '\' for every LIKE with wildcards.
        if (isGuess && _lastKeyword == SqlKeyword.Escape && _text[_at..].StartsWith("'\\'", StringComparison.Ordinal))
            return Take(SqlTokenKind.Value, _at + 3);

        // PostgreSQL: a string that continues an E'' string on the next line has backslashes, too.
        _lastHadEscapes = escapes;
        var start = _at + 1;
        for (var at = start; at < _text.Length; at++)
        {
            if (_text[at] == '\\' || (_text[at] == quote && At(at + 1) == quote))
                at++;
            else if (_text[at] == quote)
                return Content(SqlTokenKind.String, start, at);
        }

        return Unreadable(OpenQuote);
    }

    // A quote is doubled inside quotes, but for SQLite's brackets.
    private SqlToken ReadQuoted(char close, SqlTokenKind kind)
    {
        var doubles = close != ']' || dialect != SqlDialect.Sqlite;
        var start = _at + 1;
        for (var at = start; at < _text.Length; at++)
        {
            if (_text[at] != close)
                continue;
            if (!doubles || At(at + 1) != close)
                return Content(kind, start, at);
            at++;
        }

        return Unreadable(OpenQuote);
    }

    // PostgreSQL: U&"d\0061t" is data. With UESCAPE behind it another character than \ would escape; SqlStatementScanner refuses that.
    private SqlToken ReadUnicodeName()
    {
        var token = ReadQuoted('"', SqlTokenKind.QuotedName);
        return !token.Text.Contains('\\') || token.Kind != SqlTokenKind.QuotedName ? token
            : UnicodeEscapes.Decode(token.Text) is { } name ? new(SqlTokenKind.QuotedName, name)
            : Unreadable("a name written with U&\"\"");
    }

    // SQLite: $a, :a, @a, also $a::b, each with any text in brackets behind it that has no space.
    private SqlToken ReadVariable()
    {
        var end = _at + 1;
        for (var isNamed = false; ;)
        {
            if (IsWordPart(At(end)))
            {
                isNamed = true;
                end++;
            }
            else if (At(end) == ':' && At(end + 1) == ':')
            {
                end += 2;
            }
            else if (isNamed && At(end) == '(')
            {
                var length = _text[end..].IndexOfAny(") \t\n\v\f\r");
                return length < 0 || _text[end + length] != ')' ? Unreadable("a parameter that does not end") : Take(SqlTokenKind.Value, end + length + 1);
            }
            else
            {
                return isNamed ? Take(SqlTokenKind.Value, end) : Take(SqlTokenKind.Symbol, _at + 1);
            }
        }
    }

    // $tag$ ... $tag$, or a parameter such as $1.
    private SqlToken ReadDollar()
    {
        var end = _at + 1;
        if (char.IsAsciiDigit(At(end)))
            return Take(SqlTokenKind.Value, DigitsEnd(end));
        while (end < _text.Length && _text[end] != '$' && IsWordPart(_text[end]))
            end++;
        if (At(end) != '$')
            return Take(SqlTokenKind.Symbol, _at + 1);

        var tag = _text[_at..(end + 1)];
        var close = _text[(end + 1)..].IndexOf(tag);
        return close < 0 ? Unreadable(OpenQuote) : Take(SqlTokenKind.Value, end + 1 + close + tag.Length);
    }

    private SqlToken Content(SqlTokenKind kind, int start, int end)
    {
        _at = end + 1;
        return new(kind, _text[start..end]);
    }
}
