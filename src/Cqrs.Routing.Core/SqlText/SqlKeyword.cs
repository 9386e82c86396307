namespace Cqrs.Routing.SqlText;

/// <summary>The words that the guard recognises, each spelled as in SQL. <see cref="SqlKeywords"/> defines their groups.</summary>
internal enum SqlKeyword
{
    /// <summary>A name, or a word that the guard does not use.</summary>
    None,

    // Verbs that Transact-SQL reserves: one begins a statement even without a semicolon before it.
    Add, Alter, Backup, Begin, Break, Bulk, Checkpoint, Close, Commit, Continue, Create, Dbcc, Deallocate, Declare, Delete, Deny, Drop, Else, End, Exec, Execute,
    Fetch, Goto, Grant, If, Insert, Kill, Merge, Open, Print, RaisError, Reconfigure, Restore, Return, Revert, Revoke, Rollback, Save, Select, Set, SetUser,
    Shutdown, Truncate, Update, UpdateText, Use, WaitFor, While, WriteText,

    // Other verbs.
    Abort, Call, Copy, Desc, Describe, Discard, Explain, Move, Pragma, Prepare, Release, Replace, Reset, Savepoint, Show, Start, Table, Throw, Values, With,

    // Words that Transact-SQL reserves and that require an operand after them.
    And, Between, By, Case, Distinct, From, Having, In, Is, Join, Like, Not, Or, Then, When, Where,

    // Other words.
    All, Analyse, Analyze, As, Conversation, Dialog, Disable, Enable, Escape, For, Hint, Into, Key, Lock, Materialized, Next, No, Prepared, Read, Recursive,
    Share, Stdout, To, Trigger, UEscape, Union, Value, Write,
}
