using System.Text;

namespace Cqrs.Routing.SqlText;

internal ref partial struct SqlStatementScanner
{
    // The allow-list.
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
            // What raises an error, waits or chooses among statements writes nothing itself. GOTO and labels are left out.
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

    // EXPLAIN is judged by its statement, so that it makes no difference whether ANALYZE executes it. MySQL's EXPLAIN t describes a table.
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

    // Without AS it is MySQL's PREPARE, whose statement is out of sight, or PREPARE TRANSACTION, which writes.
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

    // Only what this text has prepared itself, and so was judged: a pooled connection may still have a statement of a command's.
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
}
