using System.Text;

namespace Cqrs.Routing.SqlText;

/// <summary>Reads all statements of a text once and stops at the first part that is not known to read.</summary>
/// <remarks>At the start of a statement, its verb is checked (Verbs); inside it, names, words and parentheses are checked (Words).</remarks>
internal ref struct SqlStatementScanner(ReadOnlySpan<char> text, SqlDialect dialect, DeclaredReads? declared = null, bool isGuess = false)
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
    private const string Impersonation = "EXECUTE AS without REVERT";

    /// <summary>Returns the part that makes the text a write; null for a read.</summary>
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

    // A word is not a keyword after a dot, as an alias after AS, or as a parameter: :set, @set, $set.
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

    // A word that is a verb in only one of several dialects may be part of a value, so it is not repeated.
    private readonly string NameOf(SqlToken token) =>
        token.Keyword != SqlKeyword.None || (token.Kind == SqlTokenKind.Word && token.Text.Length <= 40 && !isGuess)
            ? token.Text.ToString().ToUpperInvariant()
            : "a statement that is not known to read";

    // The allow-list of statements.
    private void Begin()
    {
        if (_token.Is('('))
        {
            _brackets.Open();
            return;
        }

        _atStatementStart = false;
        _verb = _token.Keyword;
        switch (_verb)
        {
            case SqlKeyword.Select or SqlKeyword.Values or SqlKeyword.Table or SqlKeyword.Show or SqlKeyword.Set or SqlKeyword.Declare:
            case SqlKeyword.Fetch or SqlKeyword.Move or SqlKeyword.Close or SqlKeyword.Deallocate:
            case SqlKeyword.Commit or SqlKeyword.End or SqlKeyword.Rollback or SqlKeyword.Abort or SqlKeyword.Savepoint or SqlKeyword.Release:
            case SqlKeyword.Reset when dialect == SqlDialect.PostgreSql:
            case SqlKeyword.Use when dialect is SqlDialect.SqlServer or SqlDialect.MySql:
                break;
            // Statements that raise an error, wait or choose among statements write nothing themselves. GOTO and labels are not allowed.
            case SqlKeyword.Begin or SqlKeyword.Save or SqlKeyword.Open or SqlKeyword.If or SqlKeyword.Else or SqlKeyword.While when _isTransact:
            case SqlKeyword.Break or SqlKeyword.Continue or SqlKeyword.Return or SqlKeyword.Print or SqlKeyword.Throw or SqlKeyword.RaisError when _isTransact:
            case SqlKeyword.WaitFor when _isTransact:
                break;
            case SqlKeyword.Insert or SqlKeyword.Update or SqlKeyword.Delete or SqlKeyword.Merge or SqlKeyword.Truncate or SqlKeyword.Create or SqlKeyword.Drop
                when _isTransact && ChangesTemporaryTable():
                _brackets.InWithList = false;
                break;
            case SqlKeyword.Call when IsDeclaredCall():
            case SqlKeyword.Exec or SqlKeyword.Execute when (_isTransact || isGuess) && IsDeclaredCall():
            case SqlKeyword.Exec or SqlKeyword.Execute when _isTransact && IsReadingCall():
                break;
            case SqlKeyword.Revert when _isTransact:
                _impersonations = Math.Max(0, _impersonations - 1);
                break;
            case SqlKeyword.Execute when dialect == SqlDialect.PostgreSql && IsPrepared(_tokens.Peek()):
            case SqlKeyword.Discard when dialect == SqlDialect.PostgreSql && _tokens.Peek().Is("PLANS"):
                break;
            case SqlKeyword.With:
                _brackets.InWithList = true;
                break;
            case SqlKeyword.Begin or SqlKeyword.Start:
                JudgeTransaction();
                break;
            case SqlKeyword.Explain or SqlKeyword.Describe or SqlKeyword.Desc:
                JudgeExplain();
                break;
            case SqlKeyword.Prepare:
                JudgePrepare();
                break;
            case SqlKeyword.Copy:
                JudgeCopy();
                break;
            case SqlKeyword.Pragma when SqlitePragmas.IsRead(ref _tokens):
                break;
            default:
                RefuseToken();
                break;
        }
    }

    private void JudgeTransaction()
    {
        while (!_tokens.Peek().IsEnd && Advance())
        {
            if (_token.Keyword == SqlKeyword.Write)
                Refuse("READ WRITE");
            else if (!_token.Is(',') && !SessionSettings.IsTransactionMode(_token.Text))
                RefuseToken();
        }
    }

    // EXPLAIN is classified by its statement, so it does not matter whether ANALYZE executes it. MySQL's EXPLAIN t describes a table.
    private void JudgeExplain()
    {
        var executes = false;
        while (!_tokens.Peek().IsEnd)
        {
            if (_tokens.Peek().Keyword.IsVerb())
            {
                _atStatementStart = true;
                return;
            }

            if (!Advance())
                return;
            executes |= _token.Is("ANALYZE") || _token.Is("ANALYSE");
            if (_token.Is('('))
                _brackets.Open();
            else if (_token.Is(')'))
                _brackets.Close();
        }

        if (executes)
            Refuse("EXPLAIN ANALYZE");
    }

    // Without AS it is MySQL's PREPARE, whose statement is not visible, or PREPARE TRANSACTION, which writes.
    private void JudgePrepare()
    {
        var name = _tokens.Peek();
        _prepared = name.Text;
        _isPreparedQuoted = name.Kind == SqlTokenKind.QuotedName;
        while (!_tokens.Peek().IsEnd && Advance())
        {
            if (_token.Keyword == SqlKeyword.As)
            {
                _atStatementStart = true;
                return;
            }
        }

        Refuse("PREPARE");
    }

    // Only statements that this text prepared itself, and that were therefore checked. A pooled connection may still hold a statement that a command prepared.
    private readonly bool IsPrepared(SqlToken name) => name.IsName && _prepared.Length > 0
        && (name.Kind == SqlTokenKind.QuotedName
            ? _isPreparedQuoted && name.Text.SequenceEqual(_prepared)
            : !_isPreparedQuoted && Ascii.EqualsIgnoreCase(name.Text, _prepared));

    private void JudgeCopy()
    {
        _isCopy = true;
        if (!_tokens.Peek().Is('('))
            return;

        Advance();
        _brackets.Open();
        _atStatementStart = true;
    }

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

    // SQLite reads a string as a name if only a name is possible.
    private void JudgeString()
    {
        if (dialect == SqlDialect.Sqlite && SqlitePragmas.IsWritingTable(_token.Text))
            Refuse("PRAGMA");
    }

    private void JudgeSetting()
    {
        // @name alone is a variable of the application.
        if (dialect is SqlDialect.MySql or SqlDialect.PostgreSql && (!_previous.Is('@') || _beforePrevious.Is('@')) && ReadingSettings.Changes(_token.Text, _tokens, dialect))
            Refuse(_token.Text.ToString().ToUpperInvariant());
        if (SessionSettings.MustStayOn(_token.Text) && (_verb == SqlKeyword.Reset || !SessionSettings.IsTurnedOn(_tokens)))
            Refuse(_token.Text.ToString().ToUpperInvariant());

        var isScope = _previous.Keyword == SqlKeyword.Set || _previous.Is(',') || (_previous.Is('@') && _beforePrevious.Is('@'));
        if (isScope && dialect == SqlDialect.MySql && SessionSettings.IsOfServer(_token.Text))
            RefuseToken();
    }

    // Recognises WITH (a, b), OPTION (TABLE HINT (t, a)) or, without WITH, t (a).
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

    // Recognises a name in a WITH list that is not its statement yet: WITH delete AS (...), update AS (...).
    private readonly bool IsInList() => _previous.Is(',') || _previous.Keyword is SqlKeyword.With or SqlKeyword.Recursive;

    // Transact-SQL needs no separator between statements. A statement that still requires an operand has not ended, so the next word is a name.
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

    // CALL p, EXEC p, EXEC @result = p
    private readonly bool IsDeclaredCall()
    {
        if (declared is null)
            return false;

        var ahead = _tokens;
        if (_isTransact && ahead.Peek().Kind == SqlTokenKind.Value)
        {
            ahead.Next();
            if (!TrySkip(ref ahead, '='))
                return false;
        }

        return declared.Contains(ref ahead);
    }

    // Reads the name that ends before the parenthesis.
    private readonly bool IsDeclaredFunction()
    {
        if (declared is null)
            return false;

        var name = new SqlTokenizer(_text[_nameStart.._tokens.Start], dialect, isGuess);
        return declared.Contains(ref name);
    }

    private bool IsReadingCall()
    {
        var ahead = _tokens;
        var name = ahead.Next();
        if (name.Keyword == SqlKeyword.As)
            return Impersonates(ahead);

        // EXEC @result = p
        if (name.Kind == SqlTokenKind.Value && TrySkip(ref ahead, '='))
            name = ahead.Next();
        if (name.Is("sys") && TrySkip(ref ahead, '.'))
            name = ahead.Next();
        if (!name.IsName || ahead.Peek().Is('.'))
            return false;
        return name.Is("sp_executesql") ? ExecutesRead(ahead) : SystemProcedures.Read(name.Text);
    }

    // A connection that returns to its pool as another user cannot be used again, so a REVERT must follow in the same text.
    private bool Impersonates(SqlTokenizer ahead)
    {
        var principal = ahead.Next();
        if (!principal.Is("USER") && !principal.Is("LOGIN"))
            return false;

        _impersonations++;
        while (!ahead.Peek().IsEnd && !ahead.Peek().Keyword.IsTransactVerb())
        {
            if (ahead.Next().Keyword == SqlKeyword.No)
                Refuse(Impersonation);
        }

        return true;
    }

    // Only a literal text is checked, not a variable or an expression. A text inside a text doubles its quotes, so texts cannot be nested deeply.
    private bool ExecutesRead(SqlTokenizer ahead)
    {
        if (ahead.Peek().Kind == SqlTokenKind.Value)
        {
            var parameter = ahead.Next();
            if (!(parameter.Is("@stmt") || parameter.Is("@statement")) || !TrySkip(ref ahead, '='))
                return false;
        }

        TrySkip(ref ahead, "N");
        var text = ahead.Next();
        if (text.Kind != SqlTokenKind.String || ahead.Peek() is { Kind: SqlTokenKind.Symbol } next && !next.Is(',') && !next.Is(';'))
            return false;

        var inner = text.Text.Contains('\'') ? text.Text.ToString().Replace("''", "'", StringComparison.Ordinal) : text.Text;
        if (new SqlStatementScanner(inner, dialect, declared, isGuess).FindWrite() is { } offender)
            Refuse(offender);
        return true;
    }

    private bool ChangesTemporaryTable()
    {
        var ahead = _tokens;
        if (_verb is SqlKeyword.Truncate or SqlKeyword.Drop)
            return TrySkip(ref ahead, "TABLE") && (!TrySkip(ref ahead, "IF") || TrySkip(ref ahead, "EXISTS")) && AreTemporaryTables(ref ahead);
        if (_verb == SqlKeyword.Create)
            return (TrySkip(ref ahead, "TABLE") || TrySkipIndex(ref ahead)) && IsTemporaryTable(ref ahead);

        if (TrySkip(ref ahead, "TOP"))
            SkipTop(ref ahead);
        if (_verb is SqlKeyword.Insert or SqlKeyword.Merge)
            TrySkip(ref ahead, "INTO");
        else if (_verb == SqlKeyword.Delete)
            TrySkip(ref ahead, "FROM");
        var isTemporary = IsTemporaryTable(ref ahead);
        _target = ahead.Start;
        return isTemporary;
    }

    private static bool AreTemporaryTables(ref SqlTokenizer ahead)
    {
        do
        {
            if (!IsTemporaryTable(ref ahead))
                return false;
        }
        while (TrySkip(ref ahead, ','));
        return true;
    }

    private static bool IsTemporaryTable(ref SqlTokenizer ahead)
    {
        var name = ahead.Next();
        return (name.IsName ? name.Text is ['#', not '#', ..] : name.Kind == SqlTokenKind.Value && name.Text is ['@', not '@', ..]) && !ahead.Peek().Is('.');
    }

    // UNIQUE CLUSTERED INDEX i ON
    private static bool TrySkipIndex(ref SqlTokenizer ahead)
    {
        while (TrySkip(ref ahead, "UNIQUE") || TrySkip(ref ahead, "CLUSTERED") || TrySkip(ref ahead, "NONCLUSTERED") || TrySkip(ref ahead, "COLUMNSTORE"))
        {
        }

        return TrySkip(ref ahead, "INDEX") && ahead.Next().IsName && TrySkip(ref ahead, "ON");
    }

    // Skips (1), (@n) or 1, and PERCENT. The words inside the parentheses are checked later, like all others.
    private static void SkipTop(ref SqlTokenizer ahead)
    {
        if (ahead.Next().Is('('))
        {
            ahead.Next();
            TrySkip(ref ahead, ')');
        }

        TrySkip(ref ahead, "PERCENT");
    }

    // With DELETE #t FROM u AS #t, or with a common table expression of that name, rows of u are deleted.
    private void JudgeTemporaryName()
    {
        var isTable = _previous.Is(',') || _previous.Is('(') || _previous.Is('.')
            || _previous.Keyword is SqlKeyword.From or SqlKeyword.Join or SqlKeyword.Into or SqlKeyword.Update or SqlKeyword.Delete or SqlKeyword.Insert or SqlKeyword.Merge or SqlKeyword.Table
            || (_previous.Kind == SqlTokenKind.Word && (_previous.Is("ON") || _previous.Is("EXISTS") || (_verb == SqlKeyword.Merge && _previous.Is("USING"))));
        if ((_brackets.InWithList && IsInList()) || (!isTable && _tokens.Start != _target && !_tokens.Peek().Is('.')))
            Refuse(_token.Text.ToString());
    }

    private static bool TrySkip(ref SqlTokenizer ahead, string word)
    {
        var next = ahead.Peek();
        var found = next.Kind == SqlTokenKind.Word && next.Is(word);
        if (found)
            ahead.Next();
        return found;
    }

    private static bool TrySkip(ref SqlTokenizer ahead, char symbol)
    {
        var found = ahead.Peek().Is(symbol);
        if (found)
            ahead.Next();
        return found;
    }
}
