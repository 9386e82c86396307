namespace Cqrs.Routing.EntityFrameworkCore.Guard;

/// <summary>The words that the guard knows, by what they mean to it.</summary>
internal enum SqlKeyword
{
    /// <summary>A name, or a keyword that decides nothing.</summary>
    None,

    /// <summary>Begins a statement that only reads: SELECT, VALUES, SHOW.</summary>
    Read,
    With,
    Explain,
    Pragma,

    /// <summary>SET, BEGIN, START: may ask for a read-write transaction.</summary>
    Session,
    Reset,

    /// <summary>Begins a statement that writes nothing itself: COMMIT, FETCH, CLOSE.</summary>
    Control,

    /// <summary>As <see cref="Control"/>, in Transact-SQL only: IF, PRINT, WHILE.</summary>
    TransactControl,
    Prepare,
    Copy,
    Insert,
    Update,
    Delete,
    Merge,
    Replace,

    /// <summary>Writes, and reserved in Transact-SQL, where it may follow another statement without a semicolon: EXEC, DROP.</summary>
    TransactWrite,

    /// <summary>A SQL Server table hint that takes locks: UPDLOCK.</summary>
    LockHint,
    As,
    For,
    From,
    In,
    Into,
    Join,
    Key,
    Lock,
    Next,
    No,
    Only,
    ReadWord,
    Share,
    Stdout,
    To,
    Union,
    Value,
    Analyze,
    Write,
    Global,
    All,

    /// <summary>A clause that may follow an alias: WHERE, ON.</summary>
    Clause,
}
