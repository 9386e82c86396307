
namespace Cqrs.Routing.SqlText;

/// <summary>Reads a text token by token, without comments. Accepts any text, allocates only for names with Unicode escapes, and never moves back.</summary>
/// <param name="text">The text.</param>
/// <param name="dialect">The dialect; never <see cref="SqlDialect.Unknown"/>.</param>
/// <param name="isGuess">Whether the text may be of a dialect that the library does not support.</param>
internal ref struct SqlTokenizer(ReadOnlySpan<char> text, SqlDialect dialect, bool isGuess = false)
{
    private readonly ReadOnlySpan<char> _text = text;
    private int _at;
    private SqlKeyword _lastKeyword;
    private bool _lastHadEscapes;

    // SQLite reads this character as space between tokens, and as part of a name inside one.
    private const char ByteOrderMark = '\uFEFF';
    private const string OpenQuote = "a quote that does not end";

    /// <summary>Gets the start of the last token that was read.</summary>
    public int Start { get; private set; }

    public SqlToken Next()
    {
        if (SkipToToken() is { } flaw)
            return Unreadable(flaw);

        var continuesEscapes = _lastHadEscapes;
        _lastHadEscapes = false;
        Start = _at;
        var token = _at < _text.Length ? Read(_text[_at], continuesEscapes) : new(SqlTokenKind.End, default);
        _lastKeyword = token.Keyword;
        return token;
    }

    /// <summary>Returns the next token without moving; <see cref="Next"/> returns it again.</summary>
    public readonly SqlToken Peek()
    {
        var ahead = this;
        return ahead.Next();
    }

    private SqlToken Read(char c, bool continuesEscapes) => c switch
    {
        '\'' => ReadString(c, continuesEscapes),
        '"' when dialect == SqlDialect.MySql => ReadString(c, false),
        '"' => ReadQuoted(c, SqlTokenKind.QuotedName),
        '`' when dialect is SqlDialect.MySql or SqlDialect.Sqlite => ReadQuoted(c, SqlTokenKind.QuotedName),
        '[' when dialect is SqlDialect.SqlServer or SqlDialect.Sqlite => ReadQuoted(']', SqlTokenKind.QuotedName),
        '$' when dialect == SqlDialect.PostgreSql => ReadDollar(),
        '@' when dialect == SqlDialect.SqlServer => Take(SqlTokenKind.Value, WordEnd(_at + 1)),
        '$' or ':' or '@' or '#' when dialect == SqlDialect.Sqlite => ReadVariable(),
        '\0' => Unreadable("a NUL character"),
        _ when IsWordStart(c) => ReadWord(),
        _ when char.IsAsciiDigit(c) => ReadNumber(),
        _ => Take(SqlTokenKind.Symbol, _at + 1),
    };

    private SqlToken ReadWord()
    {
        var end = WordEnd(_at);
        if (At(end) is '\'' or '&' && end - _at <= 2 && ReadPrefix(_text[_at..end]) is { Kind: not SqlTokenKind.End } prefixed)
            return prefixed;
        return Take(SqlTokenKind.Word, end);
    }

    // Reads prefixes that change how the quotes after them are read. Returns End if there is no prefix.
    private SqlToken ReadPrefix(ReadOnlySpan<char> prefix)
    {
        var quote = _at + prefix.Length;
        switch (prefix)
        {
            case "E" or "e" when dialect == SqlDialect.PostgreSql && At(quote) == '\'':
                _at = quote;
                return ReadString('\'', escapes: true);
            case "U" or "u" when dialect == SqlDialect.PostgreSql && At(quote) == '&' && At(quote + 1) == '"':
                _at = quote + 1;
                return ReadUnicodeName();
            case "Q" or "q" or "NQ" or "nq" or "Nq" or "nQ" when isGuess && At(quote) == '\'':
                return Unreadable("a string written with q''");
            default:
                return new(SqlTokenKind.End, default);
        }
    }

    // The token ends with the number, so that the statement in "SELECT 1DELETE FROM t" is found, as SQL Server finds it.
    private SqlToken ReadNumber()
    {
        var end = _at + 1;
        if (_text[_at] == '0' && At(end) is 'x' or 'X')
        {
            end++;
            while (char.IsAsciiHexDigit(At(end)))
                end++;
            return Take(SqlTokenKind.Value, end);
        }

        end = DigitsEnd(end);
        if (At(end) == '.')
            end = DigitsEnd(end + 1);
        if (At(end) is 'e' or 'E' && IsExponent(end + 1))
            end = DigitsEnd(At(end + 1) is '+' or '-' ? end + 2 : end + 1);
        return Take(SqlTokenKind.Value, end);
    }

    // SQL Server reads 1e and 1e+ as numbers, so 1eDELETE contains a statement; 1else does not.
    private readonly bool IsExponent(int at) =>
        char.IsAsciiDigit(At(at))
        || (At(at) is '+' or '-' && char.IsAsciiDigit(At(at + 1)))
        || (dialect == SqlDialect.SqlServer && !SqlKeywords.Find(_text[(at - 1)..WordEnd(at)]).IsVerb());

    private readonly int DigitsEnd(int at)
    {
        while (char.IsAsciiDigit(At(at)))
            at++;
        return at;
    }

    private readonly int WordEnd(int at)
    {
        while (at < _text.Length && IsWordPart(_text[at]))
            at++;
        return at;
    }

    // Only SQL Server treats characters beyond ASCII as space or symbols. For the other dialects, every such character is part of a name.
    private readonly bool IsWordStart(char c) =>
        char.IsAsciiLetter(c) || c == '_' || (dialect == SqlDialect.SqlServer ? c == '#' || char.IsLetter(c) : c >= '\u0080' && !IsSpace(c));

    private readonly bool IsWordPart(char c) =>
        IsWordStart(c) || char.IsAsciiDigit(c) || c == '$' || (dialect == SqlDialect.Sqlite && c == ByteOrderMark) || (dialect == SqlDialect.SqlServer && (c == '@' || char.IsLetterOrDigit(c)));

    private readonly char At(int index) => index < _text.Length ? _text[index] : '\0';

    private SqlToken Take(SqlTokenKind kind, int end)
    {
        var start = _at;
        _at = end;
        return new(kind, _text[start..end]);
    }

    private SqlToken Unreadable(string why)
    {
        _at = _text.Length;
        return new(SqlTokenKind.Unreadable, why);
    }

    /// <summary>Skips space and comments. Returns the reason if that is not possible; otherwise null.</summary>
    private string? SkipToToken()
    {
        while (_at < _text.Length)
        {
            var c = _text[_at];
            if (IsSpace(c))
                _at++;
            else if (BeginsLineComment(c))
            {
                if (SkipLineComment() is { } flaw)
                    return flaw;
            }
            else if (c == '/' && At(_at + 1) == '*')
            {
                if (SkipBlockComment() is { } flaw)
                    return flaw;
            }
            else
                break;
        }

        return null;
    }

    private readonly bool IsSpace(char c) =>
        c is > '\0' and <= ' ' || (dialect == SqlDialect.SqlServer && char.IsWhiteSpace(c)) || (dialect == SqlDialect.Sqlite && c == ByteOrderMark);

    // In MySQL, -- begins a comment only before a space; 5--1 is 6.
    private readonly bool BeginsLineComment(char c) => c switch
    {
        '-' when At(_at + 1) == '-' => dialect != SqlDialect.MySql || At(_at + 2) <= ' ',
        '#' => dialect == SqlDialect.MySql,
        _ => false,
    };

    private string? SkipLineComment()
    {
        var rest = _text[_at..];
        var length = dialect switch
        {
            SqlDialect.Sqlite or SqlDialect.MySql => rest.IndexOf('\n'),
            SqlDialect.PostgreSql => rest.IndexOfAny('\r', '\n'),
            _ => rest.IndexOfAny("\r\n\u0085\u2028\u2029"),
        };
        if (length < 0)
        {
            _at = _text.Length;
            return null;
        }

        // Microsoft does not document which characters other than a line feed end a line in SQL Server.
        var end = _at + length;
        if (dialect == SqlDialect.SqlServer && _text[end] != '\n' && !(_text[end] == '\r' && At(end + 1) == '\n'))
            return "a comment with an unusual line end";

        _at = end + 1;
        return null;
    }

    private string? SkipBlockComment()
    {
        // MySQL executes the content of /*! and MariaDB the content of /*M!.
        if (dialect == SqlDialect.MySql && (At(_at + 2) == '!' || (At(_at + 2) is 'M' or 'm' && At(_at + 3) == '!')))
            return "a comment that MySQL executes";

        var nests = dialect is SqlDialect.PostgreSql or SqlDialect.SqlServer;
        var depth = 1;
        for (_at += 2; _at < _text.Length; _at++)
        {
            if (_text[_at] == '*' && At(_at + 1) == '/')
            {
                _at++;
                if (--depth == 0)
                {
                    _at++;
                    return null;
                }
            }
            else if (nests && _text[_at] == '/' && At(_at + 1) == '*')
            {
                _at++;
                depth++;
            }
        }

        // In SQLite, the end of the text ends the comment.
        return dialect == SqlDialect.Sqlite ? null : "a comment that does not end";
    }

    private SqlToken ReadString(char quote, bool escapes)
    {
        if (dialect != SqlDialect.MySql && !escapes)
            return ReadQuoted(quote, SqlTokenKind.String);

        // An unknown database is hardly MySQL, and EF Core writes ESCAPE '\' for every LIKE with wildcards.
        if (isGuess && _lastKeyword == SqlKeyword.Escape && _text[_at..].StartsWith("'\\'", StringComparison.Ordinal))
            return Take(SqlTokenKind.Value, _at + 3);

        // PostgreSQL: a string that continues an E'' string on the next line has backslash escapes, too.
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

    // A quote is doubled inside quotes, except for SQLite's square brackets.
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

    // PostgreSQL: U&"d\0061t" is data. With UESCAPE after it, another character than \ would escape; SqlStatementScanner refuses that.
    private SqlToken ReadUnicodeName()
    {
        var token = ReadQuoted('"', SqlTokenKind.QuotedName);
        return !token.Text.Contains('\\') || token.Kind != SqlTokenKind.QuotedName ? token
            : UnicodeEscapes.Decode(token.Text) is { } name ? new(SqlTokenKind.QuotedName, name)
            : Unreadable("a name written with U&\"\"");
    }

    // SQLite: $a, :a, @a, and $a::b, each optionally followed by text in parentheses without spaces.
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

    // Reads $tag$ ... $tag$, or a parameter such as $1.
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
