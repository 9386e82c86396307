namespace Cqrs.Routing.SqlText;

/// <summary>Comments, which databases do not agree on: where they end, whether they nest, and whether they are executed.</summary>
internal ref partial struct SqlTokenizer
{
    // Where SQLite expects a token, it is space; inside a name it is part of it.
    private const char ByteOrderMark = '\uFEFF';

    /// <summary>Skips space and comments. Returns why that is not possible, or null.</summary>
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

    // To MySQL, -- begins a comment only before a space; 5--1 is 6.
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

        // Where SQL Server ends a line but at a line feed is not documented.
        var end = _at + length;
        if (dialect == SqlDialect.SqlServer && _text[end] != '\n' && !(_text[end] == '\r' && At(end + 1) == '\n'))
            return "a comment with an unusual line end";

        _at = end + 1;
        return null;
    }

    private string? SkipBlockComment()
    {
        // MySQL executes what is in /*! and MariaDB what is in /*M!.
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

        // To SQLite it ends with the text.
        return dialect == SqlDialect.Sqlite ? null : "a comment that does not end";
    }
}
