namespace Cqrs.Routing.SqlText;

/// <summary>Reads a text token by token, without comments. Takes any text, allocates nothing, and never goes back.</summary>
/// <param name="text">The text.</param>
/// <param name="dialect">Whose rules to follow, <see cref="SqlDialect.Unknown"/> excepted.</param>
/// <param name="isGuess">Whether the text may be of a dialect that nobody here knows.</param>
internal ref partial struct SqlTokenizer(ReadOnlySpan<char> text, SqlDialect dialect, bool isGuess = false)
{
    private readonly ReadOnlySpan<char> _text = text;
    private int _at;
    private SqlKeyword _lastKeyword;
    private bool _lastHadEscapes;

    /// <summary>Where the token that was read last begins.</summary>
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

    /// <summary>The next token, which <see cref="Next"/> will return again.</summary>
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

    // Prefixes that change how the quotes behind them are read. End: this is none.
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

    // Ends with the number, so that the statement in "SELECT 1DELETE FROM t" is seen as SQL Server sees it.
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

    // To SQL Server 1e and 1e+ are numbers, so 1eDELETE holds a statement; 1else does not.
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

    // Only SQL Server takes more than ASCII for space or symbols; to the others every other character is part of a name.
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
}
