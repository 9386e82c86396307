namespace Cqrs.Routing.SqlText;

/// <summary>
/// SQL Server's temporary tables (#t) and table variables (@t). They end with their session, which the pool resets, a readable secondary takes them, and their names
/// say what they are. ##t is everybody's. Elsewhere a temporary table has a name like any other, and would hide a table from the next user of the connection.
/// </summary>
internal ref partial struct SqlStatementScanner
{
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

    // (1), (@n) or 1, PERCENT. What is in the brackets is judged later, like every other word.
    private static void SkipTop(ref SqlTokenizer ahead)
    {
        if (ahead.Next().Is('('))
        {
            ahead.Next();
            TrySkip(ref ahead, ')');
        }

        TrySkip(ref ahead, "PERCENT");
    }

    // With DELETE #t FROM u AS #t, or with a common table expression of that name, the rows of u are deleted.
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
