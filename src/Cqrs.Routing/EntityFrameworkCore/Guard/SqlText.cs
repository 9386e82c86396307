namespace Cqrs.Routing.EntityFrameworkCore.Guard;
internal enum SqlDialect { Unknown, SqlServer, PostgreSql, Sqlite, MySql }
internal readonly record struct SqlVerdict(bool IsRead, string Offender);
internal static class SqlText { public static SqlVerdict Classify(string sql, SqlDialect dialect) => System.Text.RegularExpressions.Regex.IsMatch(sql, @"(?i)\b(insert|update|delete|nextval|create|drop|merge)\b") ? new(false,"a write") : new(true,""); }
