namespace Cqrs.Routing.SqlText;

/// <summary>Walks once over all statements of a text and stops at the first thing that is not known to read.</summary>
/// <remarks>Where a statement begins, its verb is judged (Verbs); inside it, names, words and brackets are (Words).</remarks>
internal ref partial struct SqlStatementScanner(ReadOnlySpan<char> text, SqlDialect dialect, DeclaredReads? declared = null, bool isGuess = false)
{
    private readonly ReadOnlySpan<char> _text = text;
    private readonly bool _isTransact = dialect == SqlDialect.SqlServer;
    private SqlTokenizer _tokens = new(text, dialect, isGuess);
    private SqlToken _token;
    private SqlToken _previous;
    private SqlToken _beforePrevious;
    private ParenthesisStack _brackets;
    private SqlKeyword _verb;
    private bool _atStatementStart = true;
    private bool _isCopy;
    private int _impersonations;
    private int _target = -1;
    private int _nameStart;
    private ReadOnlySpan<char> _prepared;
    private bool _isPreparedQuoted;
    private string? _offender;

    /// <summary>What makes the text a write, or null.</summary>
    public string? FindWrite()
    {
        while (Advance())
        {
            if (_token.Is(';'))
                EndStatement();
            else if (_atStatementStart)
                Begin();
            else if (_token.Is('('))
                OpenBracket();
            else if (_token.Is(')'))
                _brackets.Close();
            else if (_token.IsName)
                JudgeName();
            else if (_token.Kind == SqlTokenKind.String)
                JudgeString();
        }

        EndStatement();
        if (_impersonations > 0)
            Refuse(Impersonation);
        return _offender;
    }

    private bool Advance()
    {
        if (_offender is not null)
            return false;

        _beforePrevious = _previous;
        _previous = _token;
        _token = _tokens.Next();
        if (_token.IsName && !_previous.Is('.'))
            _nameStart = _tokens.Start;
        if (!_atStatementStart && IsOnlyName())
            _token = _token.AsName();
        if (_token.Keyword == SqlKeyword.UEscape && _previous.Kind == SqlTokenKind.QuotedName && dialect == SqlDialect.PostgreSql)
            Refuse("a name written with UESCAPE");
        if (_token.Kind == SqlTokenKind.Unreadable)
            Refuse(_token.Text.ToString());
        return _offender is null && _token.Kind != SqlTokenKind.End;
    }

    // No keyword stands behind a dot, as an alias behind AS, or as a parameter: :set, @set, $set.
    private readonly bool IsOnlyName() =>
        _previous.Is('.')
        || (_previous.Keyword == SqlKeyword.As && !_brackets.InWithList)
        || (!_isTransact && (_previous.Is(':') || _previous.Is('@') || _previous.Is('$')));

    private void EndStatement()
    {
        if (_isCopy)
            Refuse("COPY");
        _brackets = default;
        _verb = SqlKeyword.None;
        _atStatementStart = true;
    }

    private void Refuse(string offender) => _offender ??= offender;

    private void RefuseToken() => Refuse(NameOf(_token));

    // A word that only one of several readings takes for a statement may be part of a value, and is not repeated.
    private readonly string NameOf(SqlToken token) =>
        token.Keyword != SqlKeyword.None || (token.Kind == SqlTokenKind.Word && token.Text.Length <= 40 && !isGuess)
            ? token.Text.ToString().ToUpperInvariant()
            : "a statement that is not known to read";
}
