using System.Collections.Concurrent;
using System.Data.Common;
using System.Reflection;

namespace Cqrs.Routing.EntityFrameworkCore;

/// <summary>
/// Copies what an application has set up on the connection that it was given (<c>GetDbConnection()</c>) to the one of the other server: event handlers, callbacks, tokens. Adds what is missing there, and
/// changes nothing that was set there.
/// </summary>
/// <remarks>Only for contexts whose connection the application took. Functions of SQLite cannot be copied; a query that misses one runs on the primary.</remarks>
internal static class HandSetup
{
    private static readonly ConcurrentDictionary<Type, (EventInfo Event, FieldInfo Handlers)[]> Events = new();
    private static readonly ConcurrentDictionary<Type, PropertyInfo[]> Settings = new();

    public static void Copy(DbConnection from, DbConnection to)
    {
        if (from.GetType() != to.GetType())
            return;

        foreach (var (@event, handlers) in Events.GetOrAdd(from.GetType(), FindEvents))
            CopyHandlers(@event, handlers.GetValue(from) as Delegate, handlers.GetValue(to) as Delegate, to);
        foreach (var setting in Settings.GetOrAdd(from.GetType(), FindSettings))
        {
            if (setting.GetValue(from) is { } value && setting.GetValue(to) is null)
                CopySetting(setting, value, to);
        }
    }

    private static void CopySetting(PropertyInfo setting, object value, DbConnection connection)
    {
        try
        {
            setting.SetValue(connection, value);
        }
        catch (TargetInvocationException)
        {
            // Its own string says how it logs in.
        }
    }

    private static void CopyHandlers(EventInfo @event, Delegate? from, Delegate? to, DbConnection connection)
    {
        if (from is null)
            return;

        var known = to?.GetInvocationList() ?? [];
        foreach (var handler in from.GetInvocationList())
        {
            if (Array.IndexOf(known, handler) < 0)
                @event.AddEventHandler(connection, handler);
        }
    }

    // An event that is declared without accessors keeps its handlers in a field of its name.
    private static (EventInfo, FieldInfo)[] FindEvents(Type type) =>
    [
        .. from @event in type.GetEvents(BindingFlags.Instance | BindingFlags.Public)
           let field = FieldOf(@event)
           where field is not null && @event.Name != nameof(DbConnection.Disposed)
           select (@event, field),
    ];

    private static FieldInfo? FieldOf(EventInfo @event)
    {
        for (var type = @event.DeclaringType; type is not null; type = type.BaseType)
        {
            if (type.GetField(@event.Name, BindingFlags.Instance | BindingFlags.NonPublic) is { } field && typeof(Delegate).IsAssignableFrom(field.FieldType))
                return field;
        }

        return null;
    }

    // Callbacks, tokens and credentials, which no connection string holds.
    private static PropertyInfo[] FindSettings(Type type) =>
    [
        .. from property in type.GetProperties(BindingFlags.Instance | BindingFlags.Public)
           where property is { CanRead: true, CanWrite: true } && property.SetMethod!.IsPublic && property.GetIndexParameters().Length == 0
               && (typeof(Delegate).IsAssignableFrom(property.PropertyType) || property.Name is "AccessToken" or "Credential")
           select property,
    ];
}
