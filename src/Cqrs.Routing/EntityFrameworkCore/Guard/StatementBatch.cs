namespace Cqrs.Routing.EntityFrameworkCore.Guard;

/// <summary>Walks once over all statements of a text and stops at the first thing that is not known to read.</summary>
internal ref struct StatementBatch(ReadOnlySpan<char> text, SqlDialect dialect)
{
    private readonly bool _isTransact = dialect is SqlDialect.SqlServer or SqlDialect.Unknown;
    private SqlTokenizer _tokens = new(text, dialect);
    private SqlKeyword _head;
    private SqlKeyword _previousKeyword;
    private char _previousSymbol;
    private int _depth;
    private bool _expectsStatement = true;
    private bool _copiesToClient;

    /// <summary>What makes the text a write, or null.</summary>
    public string? FindWrite()
    {
        while (true)
        {
            var token = _tokens.Next();
            if (token.Kind == SqlTokenKind.Ambiguous)
                return "text that databases read differently";
            if (token.Kind == SqlTokenKind.End)
                return EndStatement();
            if (Judge(token) is { } offender)
                return offender;

            _previousKeyword = token.Keyword;
            _previousSymbol = token.Kind == SqlTokenKind.Symbol ? token.Text[0] : '\0';
        }
    }

    private string? Judge(SqlToken token)
    {
        if (token.Kind == SqlTokenKind.Symbol)
            return JudgeSymbol(token.Text[0]);
        if (_expectsStatement)
            return Begin(token);
        if (!token.IsName)
            return _head == SqlKeyword.Session ? JudgeVariable(token) : null;
        if (_tokens.Peek().Is('(') && WritingFunctions.Contains(token.Text))
            return token.Text.ToString();

        // A name behind a dot or a parameter behind a colon is no keyword, and neither is an alias behind AS, but in PREPARE p AS ...
        if (_previousSymbol is '.' or ':' || (_previousKeyword == SqlKeyword.As && _head != SqlKeyword.Prepare))
            return null;
        return _head is SqlKeyword.Session or SqlKeyword.Reset && JudgeSession(token) is { } session ? session : JudgeWord(token);
    }

    private string? JudgeSymbol(char symbol)
    {
        switch (symbol)
        {
            case '(':
                _depth++;
                return null;
            case ')':
                _depth--;
                return null;
            case ';':
                var offender = EndStatement();
                _expectsStatement = true;
                _head = SqlKeyword.None;
                _depth = 0;
                return offender;
            default:
                // A statement begins with a word or a bracket; what begins with anything else is not known to read.
                return _expectsStatement && _head == SqlKeyword.None ? $"a statement that begins with '{symbol}'" : null;
        }
    }

    private string? Begin(SqlToken token)
    {
        var keyword = token.Keyword;
        if (_head == SqlKeyword.Explain && IsExplainOption(token, keyword))
            return null;

        _expectsStatement = false;
        _copiesToClient = false;
        _head = keyword;
        switch (keyword)
        {
            case SqlKeyword.Explain or SqlKeyword.Prepare:
                _expectsStatement = keyword == SqlKeyword.Explain;
                return null;
            case SqlKeyword.Pragma:
                return Pragmas.IsRead(ref _tokens) ? null : "PRAGMA";
            case SqlKeyword.Read when IsAnalyzing(token):
                return "ANALYZE";
            case SqlKeyword.Read or SqlKeyword.With or SqlKeyword.Session or SqlKeyword.Reset or SqlKeyword.Control or SqlKeyword.Copy:
            case SqlKeyword.TransactControl when _isTransact:
                return null;
            default:
                return Name(token);
        }
    }

    // EXPLAIN is judged by its statement, so that it makes no difference whether ANALYZE executes it.
    private readonly bool IsExplainOption(SqlToken token, SqlKeyword keyword) =>
        _depth > 0 || keyword == SqlKeyword.Analyze || token.Kind == SqlTokenKind.Value
        || token.Text.Equals("VERBOSE", StringComparison.OrdinalIgnoreCase)
        || token.Text.Equals("QUERY", StringComparison.OrdinalIgnoreCase)
        || token.Text.Equals("PLAN", StringComparison.OrdinalIgnoreCase)
        || token.Text.Equals("FORMAT", StringComparison.OrdinalIgnoreCase);

    // MySQL's DESCRIBE is EXPLAIN, too.
    private readonly bool IsAnalyzing(SqlToken token) =>
        token.Text.StartsWith("DESC", StringComparison.OrdinalIgnoreCase) && _tokens.Peek().Keyword == SqlKeyword.Analyze;

    private string? EndStatement() => _head == SqlKeyword.Copy && !_copiesToClient && !_expectsStatement ? "COPY" : null;

    private string? JudgeSession(SqlToken token)
    {
        var keyword = token.Keyword;
        if (keyword == SqlKeyword.ReadWord && _tokens.Peek().Keyword == SqlKeyword.Write)
            return "READ WRITE";
        if (keyword == SqlKeyword.Global || (keyword == SqlKeyword.All && _head == SqlKeyword.Reset))
            return Name(token);
        if (!token.Text.EndsWith("transaction_read_only", StringComparison.OrdinalIgnoreCase))
            return null;
        if (_head == SqlKeyword.Reset)
            return Name(token);

        _tokens.Next();
        return IsOn(_tokens.Next()) ? null : Name(token);
    }

    private static bool IsOn(SqlToken value) =>
        value.Text.Equals("on", StringComparison.OrdinalIgnoreCase)
        || value.Text.Equals("'on'", StringComparison.OrdinalIgnoreCase)
        || value.Text.Equals("true", StringComparison.OrdinalIgnoreCase)
        || value.Text.Equals("1", StringComparison.Ordinal);

    // MySQL: SET @@GLOBAL.x and SET @@PERSIST.x.
    private static string? JudgeVariable(SqlToken token) =>
        token.Text.StartsWith("@@global", StringComparison.OrdinalIgnoreCase) || token.Text.StartsWith("@@persist", StringComparison.OrdinalIgnoreCase)
            ? "a global variable"
            : null;

    private string? JudgeWord(SqlToken token)
    {
        var keyword = token.Keyword;
        switch (keyword)
        {
            case SqlKeyword.As when _head == SqlKeyword.Prepare && _depth == 0:
                _expectsStatement = true;
                return null;
            case SqlKeyword.To when _head == SqlKeyword.Copy && _depth == 0:
                _copiesToClient = _tokens.Peek().Keyword == SqlKeyword.Stdout;
                return null;
            case SqlKeyword.From when _head == SqlKeyword.Copy && _depth == 0:
                return "COPY FROM";
            case SqlKeyword.Into when _head is not SqlKeyword.Control:
                return "INTO";
            case SqlKeyword.For:
                return JudgeFor();
            case SqlKeyword.Lock when _tokens.Peek().Keyword == SqlKeyword.In:
                return "LOCK IN SHARE MODE";
            case SqlKeyword.Next when _tokens.Peek().Keyword == SqlKeyword.Value:
                return "NEXT VALUE FOR";
            case SqlKeyword.LockHint when _isTransact && _depth > 0 && _head != SqlKeyword.Session && _previousSymbol is '(' or ',' or '\0' && _previousKeyword != SqlKeyword.Read:
                return Name(token);
            case SqlKeyword.Insert or SqlKeyword.Update or SqlKeyword.Delete or SqlKeyword.Merge or SqlKeyword.Replace or SqlKeyword.TransactWrite:
                return WriteVerbs.IsStatement(keyword, _tokens.Peek(), _head, _previousSymbol, dialect) ? Name(token) : null;
            default:
                return null;
        }
    }

    private string? JudgeFor()
    {
        var ahead = _tokens;
        var keyword = ahead.Next().Keyword;
        if (keyword is SqlKeyword.No)
            keyword = ahead.Next().Keyword;
        if (keyword is SqlKeyword.Key)
            keyword = ahead.Next().Keyword;
        return keyword switch
        {
            SqlKeyword.Update => "FOR UPDATE",
            SqlKeyword.Share => "FOR SHARE",
            _ => null,
        };
    }

    private static string Name(SqlToken token) => token.Kind == SqlTokenKind.Word && token.Text.Length <= 40
        ? token.Text.ToString().ToUpperInvariant()
        : "a statement that is not known to read";
}
