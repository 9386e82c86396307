using Microsoft.EntityFrameworkCore;

namespace Cqrs.Routing.Benchmarks.PointQuery;

/// <summary>The second of two context types, which an application registers with the replica's connection string, and injects into its query handlers.</summary>
internal sealed class ReadNotesContext(DbContextOptions<ReadNotesContext> options) : NotesContext(options);
