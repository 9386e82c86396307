using Cqrs.Routing.SqlText;

namespace Microsoft.EntityFrameworkCore;

/// <summary>Declares at the call that an SQL text only reads.</summary>
public static class DeclaredReadQueryableExtensions
{
    /// <summary>The comment that declares a text a read. It counts only as the very first thing in the text: <c>/* Cqrs.Routing: only reads */ EXEC ...</c>.</summary>
    /// <remarks>Never build the beginning of a text, or a tag (<c>TagWith</c>), from what users enter: they could declare a write a read.</remarks>
    public const string ReadTag = DeclaredReads.ReadTag;

    /// <summary>Lets a query send this text though the guard does not know that it reads, such as a stored procedure that makes a report.</summary>
    /// <typeparam name="T">What is read.</typeparam>
    /// <param name="source">The text: <c>FromSql</c> or <c>SqlQuery</c>. Call this before any <c>TagWith</c>.</param>
    /// <returns>The tagged query.</returns>
    /// <remarks>
    /// All statements of the text are let through. The replica still refuses what writes, with <see cref="Cqrs.Routing.QueryWriteException"/>; the primary, where the query may run as well, does not. A query may be run
    /// again. Changes nothing for SaveChanges, ExecuteUpdate and ExecuteDelete. Thread safe.
    /// </remarks>
    /// <exception cref="ArgumentNullException">There is no source.</exception>
    public static IQueryable<T> TagAsRead<T>(this IQueryable<T> source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return source.TagWith(ReadTag);
    }
}
