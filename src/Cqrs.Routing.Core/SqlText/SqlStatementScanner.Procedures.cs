namespace Cqrs.Routing.SqlText;

/// <summary>What is called: by EXEC, CALL or its name.</summary>
internal ref partial struct SqlStatementScanner
{
    private const string Impersonation = "EXECUTE AS without REVERT";

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

    // The name that ends before the bracket.
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

    // A connection that is returned to its pool as somebody else cannot be used again: so only with a REVERT in the same text.
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

    // The text itself, not a variable or an expression. A text inside a text has twice its quotes, so they cannot be nested deeply.
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
}
