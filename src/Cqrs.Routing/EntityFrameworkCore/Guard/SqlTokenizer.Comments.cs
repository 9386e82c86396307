namespace Cqrs.Routing.EntityFrameworkCore.Guard;

/// <summary>Comments, which databases do not agree on: where they end, whether they nest, and whether they are executed.</summary>
internal ref partial struct SqlTokenizer
{
    private readonly bool IsComment(char c) => c switch
    {
        '-' => At(_at + 1) == '-' && (dialect != SqlDialect.MySql || _at + 2 >= _text.Length || IsSpace(At(_at + 2)) || char.IsControl(At(_at + 2))),
        '/' => At(_at + 1) == '*',
        '#' => dialect is SqlDialect.MySql or SqlDialect.Unknown,
        _ => false,
    };

    /// <summary>False for a comment that databases end, or execute, differently.</summary>
    private bool SkipComment() => _text[_at] == '/' ? SkipBlockComment() : SkipLineComment();

    private bool SkipLineComment()
    {
        if (_text[_at] == '#' && dialect == SqlDialect.Unknown)
            return false;

        var rest = _text[_at..];
        var end = rest.IndexOfAny('\r', '\n');
        if (end < 0)
        {
            _at = _text.Length;
            return true;
        }

        // PostgreSQL ends the line at a lone carriage return, others read on.
        if (rest[end] == '\r' && At(_at + end + 1) != '\n' && dialect != SqlDialect.PostgreSql)
            return false;

        _at += end + 1;
        return true;
    }

    private bool SkipBlockComment()
    {
        // MySQL executes what is in /*! and MariaDB what is in /*M!.
        if (dialect is SqlDialect.MySql or SqlDialect.Unknown && (At(_at + 2) == '!' || (At(_at + 2) is 'M' or 'm' && At(_at + 3) == '!')))
            return false;

        var nests = dialect is SqlDialect.PostgreSql or SqlDialect.SqlServer;
        var depth = 1;
        for (_at += 2; _at < _text.Length && depth > 0; _at++)
        {
            if (_text[_at] == '*' && At(_at + 1) == '/')
            {
                depth--;
                _at++;
            }
            else if (_text[_at] == '/' && At(_at + 1) == '*')
            {
                if (dialect == SqlDialect.Unknown)
                    return false;
                if (nests)
                    (depth, _at) = (depth + 1, _at + 1);
            }
        }

        return true;
    }
}
