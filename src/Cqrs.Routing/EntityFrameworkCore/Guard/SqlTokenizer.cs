namespace Cqrs.Routing.EntityFrameworkCore.Guard;

/// <summary>Reads a text token by token, without comments. Takes any text, allocates nothing, and looks at no character twice.</summary>
internal ref partial struct SqlTokenizer(ReadOnlySpan<char> text, SqlDialect dialect)
{
    private readonly ReadOnlySpan<char> _text = text;
    private int _at;

    public SqlToken Next()
    {
        while (_at < _text.Length)
        {
            var c = _text[_at];
            if (IsComment(c))
            {
                if (!SkipComment())
                    return Take(SqlTokenKind.Ambiguous, 1);
            }
            else if (IsSpace(c))
            {
                _at++;
            }
            else
            {
                return Read(c);
            }
        }

        return new(SqlTokenKind.End, default);
    }

    /// <summary>The next token, which <see cref="Next"/> will return again.</summary>
    public readonly SqlToken Peek()
    {
        var ahead = this;
        return ahead.Next();
    }

    private readonly char At(int index) => index < _text.Length ? _text[index] : '\0';

    private static bool IsSpace(char c) => char.IsWhiteSpace(c) || c == '\0';

    private static bool IsWordStart(char c) => char.IsLetter(c) || c == '_';

    private readonly bool IsWordPart(char c) =>
        char.IsLetterOrDigit(c) || c is '_' or '$' || (dialect == SqlDialect.SqlServer && c is '#' or '@');

    private SqlToken Read(char c) => c switch
    {
        '\'' => ReadQuoted('\'', SqlTokenKind.Value, backslash: dialect == SqlDialect.MySql),
        '"' when dialect == SqlDialect.MySql => ReadQuoted('"', SqlTokenKind.Value, backslash: true),
        '"' => ReadQuoted('"', SqlTokenKind.QuotedName, backslash: false),
        '`' when dialect is SqlDialect.MySql or SqlDialect.Sqlite => ReadQuoted('`', SqlTokenKind.QuotedName, backslash: false),
        '[' when dialect is SqlDialect.SqlServer or SqlDialect.Sqlite => ReadQuoted(']', SqlTokenKind.QuotedName, backslash: false),
        '[' or '`' or '\\' when dialect == SqlDialect.Unknown => Take(SqlTokenKind.Ambiguous, 1),
        '$' when dialect is SqlDialect.PostgreSql or SqlDialect.Unknown => ReadDollar(),
        '@' => ReadParameter(),
        '#' when dialect == SqlDialect.SqlServer => ReadParameter(),
        _ when IsWordStart(c) => ReadWord(c),
        _ when char.IsAsciiDigit(c) => ReadNumber(),
        _ => Take(SqlTokenKind.Symbol, 1),
    };

    private SqlToken Take(SqlTokenKind kind, int length)
    {
        var start = _at;
        _at = Math.Min(_text.Length, _at + length);
        return new(kind, _text[start.._at]);
    }

    private SqlToken ReadWord(char first)
    {
        var end = _at + 1;
        // PostgreSQL: E'...' is a string with backslashes.
        if (first is 'E' or 'e' && At(end) == '\'' && dialect == SqlDialect.PostgreSql)
        {
            _at = end;
            return ReadQuoted('\'', SqlTokenKind.Value, backslash: true);
        }

        while (end < _text.Length && IsWordPart(_text[end]))
            end++;
        return Take(SqlTokenKind.Word, end - _at);
    }

    private SqlToken ReadParameter()
    {
        var end = _at + 1;
        while (end < _text.Length && (IsWordPart(_text[end]) || _text[end] == '@'))
            end++;
        return Take(SqlTokenKind.Value, end - _at);
    }

    // Ends with the number, so that the statement in "SELECT 1DELETE FROM t" is seen as SQL Server sees it.
    private SqlToken ReadNumber()
    {
        var end = _at + 1;
        var isHex = _text[_at] == '0' && At(end) is 'x' or 'X';
        if (isHex)
            end++;
        while (end < _text.Length && (char.IsAsciiDigit(_text[end]) || _text[end] == '.' || (isHex && char.IsAsciiHexDigit(_text[end]))))
            end++;
        if (!isHex && At(end) is 'e' or 'E' && (char.IsAsciiDigit(At(end + 1)) || (At(end + 1) is '+' or '-' && char.IsAsciiDigit(At(end + 2)))))
        {
            end += 2;
            while (end < _text.Length && char.IsAsciiDigit(_text[end]))
                end++;
        }

        return Take(SqlTokenKind.Value, end - _at);
    }

    // A quote is doubled inside quotes, but for SQLite's brackets. An unterminated one reaches to the end, where the database gives up too.
    private SqlToken ReadQuoted(char close, SqlTokenKind kind, bool backslash)
    {
        var start = ++_at;
        var doubles = close != ']' || dialect != SqlDialect.Sqlite;
        for (; _at < _text.Length; _at++)
        {
            if (_text[_at] == '\\' && backslash)
                _at++;
            else if (_text[_at] == '\\' && dialect == SqlDialect.Unknown)
                return Take(SqlTokenKind.Ambiguous, 1);
            else if (_text[_at] == close && doubles && At(_at + 1) == close)
                _at++;
            else if (_text[_at] == close)
                break;
        }

        var content = _text[start..Math.Min(_at, _text.Length)];
        _at = Math.Min(_at + 1, _text.Length);
        return new(kind, content);
    }

    // $tag$ ... $tag$, or a parameter such as $1.
    private SqlToken ReadDollar()
    {
        var end = _at + 1;
        while (end < _text.Length && (char.IsLetterOrDigit(_text[end]) || _text[end] == '_'))
            end++;
        if (At(end) != '$' || char.IsAsciiDigit(At(_at + 1)))
            return Take(SqlTokenKind.Value, end - _at);
        if (dialect == SqlDialect.Unknown)
            return Take(SqlTokenKind.Ambiguous, 1);

        var tag = _text[_at..(end + 1)];
        var close = _text[(end + 1)..].IndexOf(tag);
        return Take(SqlTokenKind.Value, close < 0 ? _text.Length - _at : tag.Length + close + tag.Length);
    }
}
