using Cqrs.Routing.SqlText;

namespace Microsoft.EntityFrameworkCore;

/// <summary>Declares at the call site that an SQL text only reads.</summary>
public static class DeclaredReadQueryableExtensions
{
    /// <summary>
    /// The comment that declares an SQL text a read. It counts only at the very beginning of the text: <c>/* Cqrs.Routing: only reads */ EXEC
    /// ...</c>.
    /// </summary>
    /// <remarks>Never build the beginning of a text, or a tag (<c>TagWith</c>), from user input. A user could then declare a write a read.</remarks>
    public const string ReadTag = DeclaredReads.ReadTag;

    /// <summary>Lets a query send an SQL text that the write guard does not recognize as a read, such as a reporting stored procedure.</summary>
    /// <typeparam name="T">The type of the result.</typeparam>
    /// <param name="source">The query that holds the text: <c>FromSql</c> or <c>SqlQuery</c>. Call this method before any <c>TagWith</c>.</param>
    /// <returns>The tagged query.</returns>
    /// <remarks>
    /// <para>
    /// Allows all statements of the text. The replica still refuses writes, with <see cref="Cqrs.Routing.QueryWriteException"/>. The primary, where
    /// the query may run as well, does not refuse them. A query may be run again.
    /// </para>
    /// <para>
    /// Has no effect on SaveChanges, ExecuteUpdate and ExecuteDelete. Thread safe.
    /// </para>
    /// </remarks>
    /// <exception cref="ArgumentNullException">The source is null.</exception>
    public static IQueryable<T> TagAsRead<T>(this IQueryable<T> source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return source.TagWith(ReadTag);
    }
}
