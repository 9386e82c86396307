namespace Cqrs.Routing.SqlText;

internal ref partial struct SqlStatementScanner
{
    private void OpenBracket()
    {
        if (_previous.IsName && WritingFunctions.Refuses(_previous.Text, _tokens, dialect) && !IsDeclaredFunction())
            Refuse(_previous.Text.ToString());

        var holdsStatement = (_brackets.InWithList && _previous.Keyword is SqlKeyword.As or SqlKeyword.Materialized)
            || _previous.Keyword == SqlKeyword.WaitFor;
        _brackets.Open();
        _atStatementStart = holdsStatement;
        _brackets.InHints = _isTransact && _previous.Keyword is SqlKeyword.With or SqlKeyword.Hint;
    }

    private void JudgeName()
    {
        if (_verb is SqlKeyword.Set or SqlKeyword.Reset)
            JudgeSetting();
        if (_isTransact && !isGuess && _token.Text is ['#', ..])
            JudgeTemporaryName();
        if (dialect == SqlDialect.Sqlite && SqlitePragmas.IsWritingTable(_token.Text))
            Refuse(_token.Text.ToString());
        if (_token.Kind != SqlTokenKind.Word)
            return;

        if (_isTransact)
            JudgeHint();
        if (isGuess && _previous.Is('.') && _token.Is("nextval"))
            Refuse("nextval");
        JudgeWord(_token.Keyword);
    }

    // To SQLite a string is a name where only a name can be.
    private void JudgeString()
    {
        if (dialect == SqlDialect.Sqlite && SqlitePragmas.IsWritingTable(_token.Text))
            Refuse("PRAGMA");
    }

    private void JudgeSetting()
    {
        // @name alone is a variable of the application's.
        if (dialect is SqlDialect.MySql or SqlDialect.PostgreSql && (!_previous.Is('@') || _beforePrevious.Is('@')) && ReadingSettings.Changes(_token.Text, _tokens, dialect))
            Refuse(_token.Text.ToString().ToUpperInvariant());
        if (SessionSettings.MustStayOn(_token.Text) && (_verb == SqlKeyword.Reset || !SessionSettings.IsTurnedOn(_tokens)))
            Refuse(_token.Text.ToString().ToUpperInvariant());

        var isScope = _previous.Keyword == SqlKeyword.Set || _previous.Is(',') || (_previous.Is('@') && _beforePrevious.Is('@'));
        if (isScope && dialect == SqlDialect.MySql && SessionSettings.IsOfServer(_token.Text))
            RefuseToken();
    }

    // WITH (a, b), OPTION (TABLE HINT (t, a)) or, without WITH, t (a).
    private void JudgeHint()
    {
        if (_previous.Is('(') && TableHints.Contains(_token.Text))
        {
            var next = _tokens.Peek();
            _brackets.InHints |= next.Is(')') || next.Is(',') || next.Is('(') || next.Kind == SqlTokenKind.Word;
        }

        if (_brackets.InHints && TableHints.IsLocking(_token.Text))
            RefuseToken();
    }

    private void JudgeWord(SqlKeyword word)
    {
        switch (word)
        {
            case SqlKeyword.None:
                return;
            case SqlKeyword.Into when !IsIntoVariable():
                Refuse("INTO");
                return;
            case SqlKeyword.Update when _previous.Keyword == SqlKeyword.For || Follows(SqlKeyword.No, SqlKeyword.Key):
                Refuse("FOR UPDATE");
                return;
            case SqlKeyword.Share when _previous.Keyword == SqlKeyword.For || Follows(SqlKeyword.For, SqlKeyword.Key):
                Refuse("FOR SHARE");
                return;
            case SqlKeyword.Share when Follows(SqlKeyword.Lock, SqlKeyword.In):
                Refuse("LOCK IN SHARE MODE");
                return;
            case SqlKeyword.For when Follows(SqlKeyword.Next, SqlKeyword.Value):
                Refuse("NEXT VALUE FOR");
                return;
            case SqlKeyword.For when _verb == SqlKeyword.Declare && _brackets.Depth == 0:
                _atStatementStart = true;
                return;
            case SqlKeyword.From when _isCopy && _brackets.Depth == 0:
                Refuse("COPY FROM");
                return;
            case SqlKeyword.To when _isCopy && _brackets.Depth == 0:
                _isCopy = _tokens.Peek().Keyword != SqlKeyword.Stdout;
                return;
            case SqlKeyword.Write when _verb == SqlKeyword.Set && _previous.Keyword == SqlKeyword.Read:
                Refuse("READ WRITE");
                return;
            // DB2's FROM FINAL TABLE (INSERT ...), and Firebird's FOR UPDATE.
            case SqlKeyword.Insert or SqlKeyword.Update or SqlKeyword.Delete or SqlKeyword.Merge when isGuess && _previous.Is('(') && _beforePrevious.Keyword == SqlKeyword.Table:
            case SqlKeyword.Lock when isGuess && _previous.Keyword == SqlKeyword.With:
            // INSERT INTO #t SELECT ... FROM (DELETE ... OUTPUT ...)
            case SqlKeyword.Insert or SqlKeyword.Update or SqlKeyword.Delete or SqlKeyword.Merge when _isTransact && _previous.Is('(') && !IsJoinHint(word):
            case SqlKeyword.All when _previous.Keyword == SqlKeyword.Reset:
            case SqlKeyword.Prepared when _previous.Keyword is SqlKeyword.Commit or SqlKeyword.Rollback:
            case SqlKeyword.Trigger when _previous.Keyword is SqlKeyword.Enable or SqlKeyword.Disable:
            case SqlKeyword.Dialog or SqlKeyword.Conversation when _previous.Keyword is SqlKeyword.Begin:
            case SqlKeyword.Conversation when _tokens.Peek().Kind == SqlTokenKind.Value:
                RefuseToken();
                return;
            case SqlKeyword.With when _previous.Is('('):
                _brackets.InWithList = true;
                return;
            default:
                JudgeVerb(word);
                return;
        }
    }

    private void JudgeVerb(SqlKeyword word)
    {
        if (_brackets.InWithList && !IsInList())
        {
            if (word.ChangesRows())
            {
                Begin();
                return;
            }

            if (word is SqlKeyword.Select or SqlKeyword.Values or SqlKeyword.Table)
                _brackets.InWithList = false;
        }

        if (_isTransact && word.IsTransactVerb() && CanBegin() && !IsJoinHint(word))
            Begin();
    }

    // In a WITH, a name and not yet its statement: WITH delete AS (...), update AS (...).
    private readonly bool IsInList() => _previous.Is(',') || _previous.Keyword is SqlKeyword.With or SqlKeyword.Recursive;

    // Transact-SQL needs nothing between statements, but one that still expects an operand has not ended, so that what follows is a name to it.
    private readonly bool CanBegin() => _previous.Kind switch
    {
        SqlTokenKind.Symbol => !",(=<>+-/%&|^~!".Contains(_previous.Text[0]),
        SqlTokenKind.Word => !_previous.Keyword.ExpectsOperand(),
        _ => true,
    };

    private readonly bool IsJoinHint(SqlKeyword word) =>
        word == SqlKeyword.Merge && _tokens.Peek().Keyword is SqlKeyword.Join or SqlKeyword.Union;

    private readonly bool IsIntoVariable()
    {
        var ahead = _tokens;
        if (_isTransact)
            return IsTemporaryTable(ref ahead);

        // MySQL: INTO @a, @b.
        do
        {
            if (dialect != SqlDialect.MySql || !ahead.Next().Is('@') || ahead.Next().Kind != SqlTokenKind.Word)
                return false;
        }
        while (TrySkip(ref ahead, ','));
        return true;
    }

    private readonly bool Follows(SqlKeyword first, SqlKeyword second) => _previous.Keyword == second && _beforePrevious.Keyword == first;
}
